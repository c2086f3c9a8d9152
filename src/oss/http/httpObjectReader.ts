import type { Dispatcher } from 'undici';
import { reasonOf } from '../../base/abort.ts';
import { AppError } from '../../base/errors.ts';
import { createDispatcherHolder } from './dispatcher.ts';
import { receiveResponse } from './httpExchange.ts';
import type { HttpTarget } from './httpTarget.ts';
import { describeTarget, redirectTarget, splitUrl } from './httpTarget.ts';
import type { NetworkSettings } from '../networkSettings.ts';
import type { ObjectReader, ReadRequest, ReadSink, Validator } from '../objectReader.ts';

const maxRedirects = 5;

export interface HttpObjectReader extends ObjectReader {
  /** New reads use the new settings; running ones keep theirs. */
  setNetwork(network: NetworkSettings): void;
  /** Closes all connections; running reads fail with `network/interrupted`. */
  close(): Promise<void>;
}

/** Adapter: reads objects over HTTP/1.1 with undici. Knows URLs only: no credentials, no OSS signing. */
export function createHttpObjectReader(network: NetworkSettings): HttpObjectReader {
  const dispatchers = createDispatcherHolder(network, 'borrowed');
  return {
    read: (request, sink, signal) => read(() => dispatchers.current(), request, sink, signal),
    setNetwork: (changed) => dispatchers.setNetwork(changed),
    close: () => dispatchers.close(),
  };
}

async function read(
  dispatcher: () => Dispatcher,
  request: ReadRequest,
  sink: ReadSink,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) {
    throw reasonOf(signal);
  }
  const headers = requestHeaders(request);
  let target = splitUrl(request.url);
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const location = await receiveResponse(dispatcher(), target, headers, request, sink, signal);
    if (location === undefined) {
      return;
    }
    // The headers hold no credential, so any host may receive them; the query of the URL is not forwarded.
    target = redirectTarget(target, location);
  }
  throw tooManyRedirects(target);
}

function requestHeaders({ range, validator }: ReadRequest): Record<string, string> {
  if (range !== undefined && range.end <= range.start) {
    throw new AppError('internal', `an empty range cannot be asked for: ${range.start}-${range.end}`);
  }
  return {
    // Compression on the fly drops ETag and length, and ranges would count compressed bytes.
    'accept-encoding': 'identity',
    'user-agent': 'oss-downloader',
    ...(range === undefined ? {} : { range: `bytes=${range.start}-${range.end - 1}` }),
    ...validatorHeader(validator),
  };
}

function validatorHeader(validator: Validator | undefined): Record<string, string> {
  switch (validator?.kind) {
    case undefined:
      return {};
    case 'ifMatch':
      return { 'if-match': validator.etag };
    case 'ifRange':
      return { 'if-range': validator.value };
    case 'ifUnmodifiedSince':
      return { 'if-unmodified-since': validator.date };
  }
}

function tooManyRedirects(target: HttpTarget): AppError {
  const subject = describeTarget(target);
  return new AppError('server/unexpectedAnswer', `more than ${maxRedirects} redirects: ${subject}`, {
    details: { subject },
  });
}
