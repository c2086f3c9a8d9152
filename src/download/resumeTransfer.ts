import { toAppError } from '../base/errors.ts';
import { type Checkpoint, endedWell } from './checkpoint.ts';
import { checkClaims } from './checkClaims.ts';
import { PartFile, partPathOf } from './partFile.ts';
import { PartLedger } from './partLedger.ts';
import { planOf } from './plan.ts';
import type { Session, Transfer } from './transfer.ts';

/**
 * Takes up what an earlier session left. Undefined where nothing of it can be used; then the download begins anew.
 * Only claims that hold are believed: after a crash, or where nothing will prove the whole in the end,
 * every claimed byte is read back first.
 * @throws AppError `checkpoint/newerVersion`, `disk/*`
 * @throws `signal.reason` when aborted
 */
export async function resumeTransfer(session: Session, signal: AbortSignal): Promise<Transfer | undefined> {
  const { header, tools, observer } = session;
  const checkpoint = await loadUsable(session);
  const object = checkpoint?.header.object;
  if (checkpoint === undefined || object === undefined || !object.ranges) {
    return undefined;
  }
  const file = await PartFile.reopen(partPathOf(header.path), object.sizeBytes);
  if (file === undefined) {
    tools.logger.log('warn', `the unfinished file is gone or is another one, beginning anew: ${header.path}`);
    return undefined;
  }
  try {
    const ledger = PartLedger.from(planOf(object.sizeBytes, object.partSizeBytes), checkpoint);
    observer.onSize(object.sizeBytes, ledger.bytesDone);
    if (!endedWell(checkpoint) || object.crc64 === undefined) {
      observer.onPhase('checking');
      await checkClaims(file, ledger, tools, observer, signal);
      observer.onPhase('transferring');
    }
    await file.requireSpace(object.sizeBytes - ledger.bytesDone);
    const journal = await tools.store.start(checkpoint.header, [{ kind: 'started' }, ...ledger.claims()]);
    return { ...session, object, ledger, file, journal };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function loadUsable({ header, tools }: Session): Promise<Checkpoint | undefined> {
  try {
    return await tools.store.load(header.id);
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code !== 'checkpoint/unreadable') {
      throw error;
    }
    tools.logger.log('warn', `beginning anew, ${failure.message}: ${header.path}`);
    return undefined;
  }
}
