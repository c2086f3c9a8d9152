import type { ReadResponse } from '../oss/objectReader.ts';
import type { ObjectIdentity } from './checkpointHeader.ts';
import { PartFile } from './partFile.ts';
import { partPathOf } from './partPath.ts';
import { PartLedger } from './partLedger.ts';
import { planOf, planParts } from './plan.ts';
import type { Session, Transfer } from './transfer.ts';
import { learnValidator } from './validators.ts';

/**
 * Makes the files of an object that the first answer has just described.
 * @param askedEnd where the range of the first request ended; 0 where it had none
 * @throws AppError `disk/*`
 */
export async function openTransfer(session: Session, response: ReadResponse, askedEnd: number): Promise<Transfer> {
  const { header, tools, observer } = session;
  const object = identityOf(session, response, askedEnd);
  const partPath = partPathOf(header.path);
  const file = await PartFile.create(partPath, object.sizeBytes ?? 0);
  try {
    const journal = await tools.store.start({ ...header, object }, [{ kind: 'started' }]);
    if (object.versionId !== undefined) {
      session.urls.pin(object.versionId);
    }
    observer.onSize(object.sizeBytes, 0);
    const ledger = object.sizeBytes === undefined ? PartLedger.openEnded() : new PartLedger(planOf(object.sizeBytes, object.partSizeBytes));
    return { ...session, object, ledger, file, journal };
  } catch (error) {
    await file.close();
    await PartFile.discard(partPath);
    throw error;
  }
}

function identityOf({ header, tools }: Session, { kind, object }: ReadResponse, askedEnd: number): ObjectIdentity {
  const { sizeBytes, etag, lastModified, crc64, versionId } = object;
  const validator = learnValidator(header.source.kind, object);
  // A small object may come whole from a server that knows ranges.
  const knowsRanges = sizeBytes !== undefined && (kind === 'range' || sizeBytes <= askedEnd);
  return {
    partSizeBytes: planParts(sizeBytes ?? 0, tools.limits().partSizeBytes).partSizeBytes,
    ranges: knowsRanges && validator !== undefined,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(validator === undefined ? {} : { validator }),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(crc64 === undefined ? {} : { crc64 }),
    ...(versionId === undefined ? {} : { versionId }),
  };
}
