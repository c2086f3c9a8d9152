import { AppError } from '../../base/errors.ts';
import { checkClaims } from './checkClaims.ts';
import type { Verification } from '../downloadState.ts';
import { fetchParts } from './fetchParts.ts';
import { downloadPart } from './fetchPart.ts';
import type { Transfer } from './transfer.ts';

/**
 * Proves that the file is the object: every byte is there, and the parts' CRC-64 together is the object's.
 * Where it is not, what can be repaired is: parts that differ on disk from what was written are fetched again; if all
 * are as they were written, the fault came with the bytes or is in the object, and every part is fetched once more.
 * @throws AppError `object/corrupt` when the bytes have another CRC-64 than the object claims, however often they are
 * fetched
 */
export async function prove(transfer: Transfer, signal: AbortSignal): Promise<Verification> {
  const { ledger, header, object, file, deps, observer } = transfer;
  if (!ledger.complete) {
    throw new AppError('internal', `bytes are missing at the end: ${header.path}`);
  }
  if (object.sizeBytes === undefined) {
    await file.truncate(ledger.plan.sizeBytes);
  }
  if (object.crc64 === undefined) {
    return 'size';
  }
  if (isProven(transfer)) {
    return 'crc64';
  }
  deps.logger.log('warn', `the CRC-64 does not match, reading back what is on disk: ${header.path}`);
  observer.onPhase('checking');
  const dropped = await checkClaims(file, ledger, deps, observer, signal);
  observer.onPhase('transferring');
  if (dropped > 0 && object.ranges) {
    await fetchParts(transfer, undefined, signal);
  }
  if (object.ranges && !isProven(transfer)) {
    await fetchAgain(transfer, signal);
  }
  if (!isProven(transfer)) {
    throw new AppError(
      'object/corrupt',
      `the bytes that arrive do not have the CRC-64 that the server names: ${header.path}`,
    );
  }
  return 'crc64';
}

function isProven({ ledger, object }: Transfer): boolean {
  return ledger.complete && ledger.wholeCrc() === BigInt(object.crc64 ?? -1);
}

/** Fetches part after part once more, until the whole is right. */
async function fetchAgain(transfer: Transfer, signal: AbortSignal): Promise<void> {
  const { ledger, journal, observer, deps } = transfer;
  for (let index = 0; index < ledger.plan.partCount; index += 1) {
    const before = ledger.crcOf(index);
    observer.onBytes(-ledger.bytesOf(index));
    ledger.clear(index);
    journal.note({ kind: 'part', index, bytesDone: 0, crc64: 0n });
    const permit = await deps.budget.acquire(signal);
    try {
      await downloadPart(transfer, index, signal);
    } finally {
      permit.dispose();
    }
    if (ledger.crcOf(index) !== before) {
      deps.logger.log('warn', `a part came differently the second time: part ${index} of ${transfer.header.path}`);
      if (isProven(transfer)) {
        return;
      }
    }
  }
}
