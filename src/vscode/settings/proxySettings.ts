import type { NetworkSettings } from '../../oss/networkSettings.ts';

/**
 * Converts VS Code's `http.*` settings for our HTTP stack. `http.proxySupport` `off` means no proxy at all;
 * without `http.proxy` the environment's proxy is used, as VS Code does.
 *
 * @param get reads a setting below `http`
 * @param caFile this extension's own `network.caFile`; empty: none
 */
export function networkSettings(get: (key: string) => unknown, caFile = ''): NetworkSettings {
  const strictTls = get('proxyStrictSSL') !== false;
  const base = { strictTls, extraCertificates: [], ...(caFile === '' ? {} : { caFile }) };
  if (get('proxySupport') === 'off') {
    return { ...base, noProxy: [] };
  }
  const proxyUrl = text(get('proxy'));
  const proxyAuthorization = text(get('proxyAuthorization'));
  const noProxy = get('noProxy');
  return {
    ...base,
    noProxy: Array.isArray(noProxy) ? noProxy.filter((host) => typeof host === 'string') : [],
    ...(proxyUrl === '' ? { useEnvironment: true } : { proxyUrl }),
    ...(proxyAuthorization === '' ? {} : { proxyAuthorization }),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
