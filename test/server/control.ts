import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultRule } from './http/faults.ts';
import { applyChange } from './objects/objectChange.ts';
import type { ObjectChange } from './objects/objectChange.ts';
import type { OssServer } from './ossServer.ts';
import { readAll } from './http/readAll.ts';
import type { ServerSettings } from './settings.ts';

/** Control requests live below `/-/`, which is no bucket name. */
export function isControl(request: IncomingMessage): boolean {
  return request.url?.startsWith('/-/') === true;
}

/**
 * Answers a control request with JSON: 200 and the state after it, or 400 and a sentence. The lost network does not
 * hold it up.
 */
export async function answerControl(
  request: IncomingMessage,
  response: ServerResponse,
  server: OssServer,
): Promise<void> {
  let status = 200;
  let result: unknown;
  try {
    result = await act(request, response, server);
  } catch (error) {
    status = 400;
    result = { error: error instanceof Error ? error.message : String(error) };
  }
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(result));
}

async function act(request: IncomingMessage, response: ServerResponse, server: OssServer): Promise<unknown> {
  const name = `${request.method ?? ''} ${request.url ?? ''}`;
  switch (name) {
    case 'GET /-/faults':
      return server.faults.list();
    case 'POST /-/faults':
      // kinds are checked where they are used; the fields of each are trusted: the writer of a test is the only caller
      server.faults.add(...((await readJson(request)) as readonly FaultRule[]));
      return server.faults.list();
    case 'GET /-/requests':
      return server.requests.entries;
    case 'POST /-/objects':
      for (const change of (await readJson(request)) as readonly ObjectChange[]) {
        applyChange(server.store, change);
      }
      return {};
    case 'GET /-/settings':
      return server.settings;
    case 'POST /-/settings':
      return changeSettings(server.settings, (await readJson(request)) as Partial<ServerSettings>);
    case 'POST /-/network': {
      const { lost } = (await readJson(request)) as { readonly lost: boolean };
      if (lost) {
        server.network.lose();
      } else {
        server.network.restore();
      }
      return { lost };
    }
    case 'POST /-/restart': {
      const { downMs } = (await readJson(request)) as { readonly downMs: number };
      response.once('finish', () => server.restart(downMs));
      return { downMs };
    }
    case 'POST /-/reset':
      server.faults.clear();
      server.requests.clear();
      server.network.restore();
      return {};
    default:
      throw new Error(`no control request ${name}: see test/server/README.md`);
  }
}

/** @throws Error naming a setting that there is not */
function changeSettings(settings: ServerSettings, changes: Partial<ServerSettings>): ServerSettings {
  const unknown = Object.keys(changes).find((name) => !(name in settings));
  if (unknown !== undefined) {
    throw new Error(`no setting ${unknown}; there are: ${Object.keys(settings).join(', ')}`);
  }
  return Object.assign(settings, changes);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = (await readAll(request)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`the body is not JSON: ${text.slice(0, 80)}`, { cause: error });
  }
}
