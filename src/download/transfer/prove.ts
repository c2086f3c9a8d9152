import { AppError } from '../../base/errors.ts';
import { checkClaims } from './checkClaims.ts';
import type { Verification } from '../downloadState.ts';
import { fetchParts } from './fetchParts.ts';
import { downloadPart } from './fetchPart.ts';
import type { Transfer } from './transfer.ts';

/**
 * Proves that the file is the object: it is complete, and the combined CRC-64 of its parts is the object's. Otherwise
 * repairs it: downloads parts again whose bytes on disk have changed; if none has, the error came from the network or
 * the server, and every part is downloaded once more.
 * @returns `size` if the server sends no CRC-64
 * @throws AppError `object/corrupt` if the CRC-64 still differs after that
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

/** Downloads part after part again, until the CRC-64 matches. */
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
      deps.logger.log('warn', `a part differs in the second download: part ${index} of ${transfer.header.path}`);
      if (isProven(transfer)) {
        return;
      }
    }
  }
}
