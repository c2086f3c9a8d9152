/** Network settings of this machine. Plain data: they cross the worker boundary. */
export interface NetworkSettings {
  /** `http://host:port` for all requests; absent: none, or the environment's where `useEnvironment` is set. */
  readonly proxyUrl?: string;
  /** Whether `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` apply where `proxyUrl` is absent. */
  readonly useEnvironment?: boolean;
  /** `Proxy-Authorization` header. Secret. */
  readonly proxyAuthorization?: string;
  /** Hosts to reach without the proxy, in the syntax of `NO_PROXY`. */
  readonly noProxy: readonly string[];
  /** False accepts any certificate (`http.proxyStrictSSL`). */
  readonly strictTls: boolean;
  /** PEM certificates trusted beside Node's own. */
  readonly extraCertificates: readonly string[];
  /** File with further PEM certificates, absolute or beginning with `~`; each thread reads it itself. */
  readonly caFile?: string;
}
