import { assertNever } from '../base/errors.ts';
import type { ErrorRecord } from '../base/errors.ts';

/**
 * ```
 * queued -start-> running -finish-> completed
 * running -pause-> paused        running -interrupt-> interrupted (editor closed; resumable)
 * running -wait-> waiting{network | restore | url}      waiting -ready-> queued
 * running -fail-> failed{error, canResume}
 * paused | interrupted | failed -resume-> queued         any unfinished -cancel-> cancelled (partial removed)
 * any unfinished -restart-> queued (partial removed)
 * ```
 */
export type DownloadState =
  | { readonly kind: 'queued' }
  | { readonly kind: 'running'; readonly phase: RunningPhase }
  | { readonly kind: 'waiting'; readonly reason: WaitReason }
  | { readonly kind: 'paused' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly error: ErrorRecord; readonly canResume: boolean }
  | { readonly kind: 'completed'; readonly verified: Verification }
  | { readonly kind: 'cancelled' };

/** Activity of a running download: checking the bytes on disk, fetching, verifying the whole file. */
export type RunningPhase = 'checking' | 'transferring' | 'verifying';

export type WaitReason = 'network' | 'restore' | 'url';

/** Proof of the finished file: the server's CRC-64, or only the length if the server sent none. */
export type Verification = 'crc64' | 'size';

export type DownloadEvent =
  | { readonly type: 'start' }
  | { readonly type: 'phase'; readonly phase: RunningPhase }
  | { readonly type: 'wait'; readonly reason: WaitReason }
  | { readonly type: 'ready' }
  | { readonly type: 'pause' }
  | { readonly type: 'interrupt' }
  | { readonly type: 'fail'; readonly error: ErrorRecord; readonly canResume: boolean }
  | { readonly type: 'finish'; readonly verified: Verification }
  | { readonly type: 'resume' }
  | { readonly type: 'restart' }
  | { readonly type: 'cancel' };

/** Returns the next state. Pure. An event without meaning in the current state returns that state. */
export function reduce(state: DownloadState, event: DownloadEvent): DownloadState {
  switch (event.type) {
    case 'start':
      return state.kind === 'queued' ? { kind: 'running', phase: 'transferring' } : state;
    case 'phase':
      return state.kind === 'running' ? { kind: 'running', phase: event.phase } : state;
    case 'wait':
      return state.kind === 'running' ? { kind: 'waiting', reason: event.reason } : state;
    case 'ready':
      return state.kind === 'waiting' ? { kind: 'queued' } : state;
    case 'pause':
      return isActive(state) ? { kind: 'paused' } : state;
    case 'interrupt':
      return isActive(state) ? { kind: 'interrupted' } : state;
    case 'fail':
      return isActive(state) ? { kind: 'failed', error: event.error, canResume: event.canResume } : state;
    case 'finish':
      return state.kind === 'running' ? { kind: 'completed', verified: event.verified } : state;
    case 'resume':
      return canResume(state) ? { kind: 'queued' } : state;
    case 'restart':
      return isFinal(state) || state.kind === 'queued' ? state : { kind: 'queued' };
    case 'cancel':
      return isFinal(state) ? state : { kind: 'cancelled' };
    default:
      return assertNever(event);
  }
}

/** Queued, running, or waiting for something to continue by itself. */
export function isActive(state: DownloadState): boolean {
  return state.kind === 'queued' || state.kind === 'running' || state.kind === 'waiting';
}

/** Stopped, and can be resumed. */
export function canResume(state: DownloadState): boolean {
  return state.kind === 'paused' || state.kind === 'interrupted' || (state.kind === 'failed' && state.canResume);
}

/** In a state that never changes again. */
export function isFinal(state: DownloadState): boolean {
  return state.kind === 'completed' || state.kind === 'cancelled';
}
