import type { ReadResponse } from '../oss/objectReader.ts';
import type { ObjectIdentity } from './checkpointHeader.ts';
import { PartFile } from './partFile.ts';
import { partPathOf } from './partPath.ts';
import { PartLedger } from './partLedger.ts';
import { planOf, planParts } from './plan.ts';
import type { Session, Transfer } from './transfer.ts';
import { learnValidator } from './validators.ts';

/** What the answer is one to. */
export interface Asked {
  /** Where the range of the request ended; 0 where it had none. */
  readonly end: number;
  /** As the settings had it then. */
  readonly partSizeBytes: number | 'auto';
}

/**
 * Makes the files of an object that the first answer has just described.
 * @throws AppError `disk/*`
 */
export async function openTransfer(session: Session, response: ReadResponse, asked: Asked): Promise<Transfer> {
  const { header, tools, observer } = session;
  const object = identityOf(session, response, asked);
  const partPath = partPathOf(header.path);
  const file = await PartFile.create(partPath, object.sizeBytes ?? 0);
  try {
    const journal = await tools.store.start({ ...header, object }, [{ kind: 'started' }]);
    if (object.versionId !== undefined) {
      session.urls.pin(object.versionId);
    }
    observer.onSize(object.sizeBytes, 0);
    const ledger =
      object.sizeBytes === undefined
        ? PartLedger.openEnded()
        : new PartLedger(planOf(object.sizeBytes, object.partSizeBytes, object.coarseParts));
    return { ...session, object, ledger, file, journal };
  } catch (error) {
    await file.close();
    await PartFile.discard(partPath);
    throw error;
  }
}

function identityOf({ header }: Session, { kind, object }: ReadResponse, asked: Asked): ObjectIdentity {
  const { sizeBytes, etag, lastModified, crc64, versionId } = object;
  const validator = learnValidator(header.source.kind, object);
  // A small object may come whole from a server that knows ranges.
  const knowsRanges = sizeBytes !== undefined && (kind === 'range' || sizeBytes <= asked.end);
  const { partSizeBytes, coarseParts, partCount } = planParts(sizeBytes ?? 0, asked.partSizeBytes, asked.end);
  return {
    partSizeBytes,
    ...(coarseParts === partCount ? {} : { coarseParts }),
    ranges: knowsRanges && validator !== undefined,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(validator === undefined ? {} : { validator }),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(crc64 === undefined ? {} : { crc64 }),
    ...(versionId === undefined ? {} : { versionId }),
  };
}
