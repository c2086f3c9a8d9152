import { defined } from '../../base/defined.ts';
import type { ConflictPolicy } from '../batchModel.ts';
import type { SourceItem } from './batchListing.ts';
import type { ExistingEntry } from '../files/nameRules.ts';
import { localName } from '../files/localPath.ts';
import { isUnchanged } from '../files/isUnchanged.ts';
import type { InvalidNames } from '../model.ts';

/** From so many objects or bytes on a batch is not begun without a word. */
const manyObjects = 1000;
const manyBytes = 10 * 1024 ** 3;

/** What a batch is made of, as far as somebody has looked ahead. */
export interface BatchPlan {
  /** Objects that were found; empty ones that stand for folders do not count. */
  readonly objects: number;
  /** Of those whose size a listing told. */
  readonly bytes: number;
  /** Whether nothing comes behind them. */
  readonly isAll: boolean;
  /** Of the objects: must be restored before they can be read. */
  readonly archived: number;
  /** Of the objects: get another name here, or none where the rule is `fail`. */
  readonly renamed: number;
  /** Of the objects: a file stands at the path. */
  readonly existing: number;
  /** Of these: the file may not be taken for the object. */
  readonly existingChanged: number;
  /** Of the objects that can be read: those that no file stands for yet, and those that one stands for. */
  readonly newBytes: number;
  readonly existingBytes: number;
  /** Bytes that may still be written there; absent where the system does not tell. */
  readonly freeBytes?: number;
}

/** What the settings, or the user, say about a batch. */
export interface PlanRules {
  readonly conflict: ConflictPolicy;
  readonly invalidNames: InvalidNames;
}

/** Counts what a look ahead finds, one by one. */
export class PlanTally {
  private readonly counts = {
    objects: 0,
    bytes: 0,
    archived: 0,
    renamed: 0,
    existing: 0,
    existingChanged: 0,
    newBytes: 0,
    existingBytes: 0,
  };
  private readonly invalidNames: InvalidNames;

  constructor(invalidNames: InvalidNames) {
    this.invalidNames = invalidNames;
  }

  /** @param there what stands at its path; a folder there gives way to a twin of the name */
  add({ isFolder, isArchived, names, known, modifiedMs }: SourceItem, there: ExistingEntry | undefined): void {
    if (isFolder) {
      return;
    }
    const { counts } = this;
    const bytes = known?.sizeBytes ?? 0;
    const isThere = there !== undefined && there.kind !== 'folder';
    const isKept =
      isThere &&
      known !== undefined &&
      modifiedMs !== undefined &&
      isUnchanged(there, { sizeBytes: known.sizeBytes, modifiedMs });
    counts.objects += 1;
    counts.bytes += bytes;
    counts.archived += isArchived ? 1 : 0;
    counts.renamed += names.some((name) => isRenamed(name, this.invalidNames)) ? 1 : 0;
    counts.existing += isThere ? 1 : 0;
    counts.existingChanged += isThere && !isKept ? 1 : 0;
    counts.newBytes += isArchived || isThere ? 0 : bytes;
    counts.existingBytes += !isArchived && isThere ? bytes : 0;
  }

  plan(isAll: boolean, freeBytes: number | undefined): BatchPlan {
    return { ...this.counts, isAll, ...defined({ freeBytes }) };
  }
}

/** Whether a name cannot stay as it is under this rule. */
export function isRenamed(name: string, rule: InvalidNames): boolean {
  return localName(name, rule === 'encode' ? 'encode' : 'replace') !== name;
}

/**
 * How many bytes the disk must have room for, as far as it is known: a file that is replaced leaves the room that the
 * new one takes.
 */
export function neededBytes({ newBytes, existingBytes }: BatchPlan, conflict: ConflictPolicy): number {
  return conflict === 'rename' ? newBytes + existingBytes : newBytes;
}

export function lacksSpace(plan: BatchPlan, conflict: ConflictPolicy): boolean {
  return plan.freeBytes !== undefined && plan.freeBytes < neededBytes(plan, conflict);
}

/**
 * Whether the user is to see the plan before the batch begins: it is big, or not all of it will go as they may think.
 */
export function isWorthAsking(plan: BatchPlan, { conflict, invalidNames }: PlanRules): boolean {
  const isBig = !plan.isAll || plan.objects >= manyObjects || plan.bytes >= manyBytes;
  const isAsked = conflict === 'ask' && plan.existing > 0;
  const isRefused = invalidNames === 'fail' && plan.renamed > 0;
  return isBig || isAsked || isRefused || plan.archived > 0 || lacksSpace(plan, conflict);
}
