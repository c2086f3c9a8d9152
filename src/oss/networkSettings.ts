/** How this machine reaches the network, as plain data: it crosses the worker boundary. */
export interface NetworkSettings {
  /** `http://host:port` for all requests; absent: none, or the environment's where `useEnvironment` is set. */
  readonly proxyUrl?: string;
  /** Takes the proxy from `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` where `proxyUrl` is absent. */
  readonly useEnvironment?: boolean;
  /** `Proxy-Authorization` header. Secret. */
  readonly proxyAuthorization?: string;
  /** Hosts that are reached directly, in the syntax of `NO_PROXY`. */
  readonly noProxy: readonly string[];
  /** False accepts any certificate (`http.proxyStrictSSL`). */
  readonly strictTls: boolean;
  /** PEM certificates trusted beside Node's own. */
  readonly extraCertificates: readonly string[];
  /** A file with more of them, absolute or from `~` on; each thread reads it for itself. */
  readonly caFile?: string;
}
