// Stands in, in the bundles, for the entry of undici, which loads all of it: fetch, WebSocket, caches, mocks.
// A bundle that imports what is missing here does not build. By path, since the name of undici leads here.
import api from '../../../node_modules/undici/lib/api/index.js';
import Dispatcher from '../../../node_modules/undici/lib/dispatcher/dispatcher.js';

// As the entry does; a proxy's tunnel begins with `connect`.
Object.assign(Dispatcher.prototype, api);

export { default as buildConnector } from '../../../node_modules/undici/lib/core/connect.js';
export { default as Agent } from '../../../node_modules/undici/lib/dispatcher/agent.js';
export { default as EnvHttpProxyAgent } from '../../../node_modules/undici/lib/dispatcher/env-http-proxy-agent.js';
export { default as Pool } from '../../../node_modules/undici/lib/dispatcher/pool.js';
