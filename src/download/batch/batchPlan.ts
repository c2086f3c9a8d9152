import { defined } from '../../base/defined.ts';
import type { ConflictPolicy } from '../batchModel.ts';
import type { SourceItem } from './batchListing.ts';
import type { ExistingEntry } from '../files/nameRules.ts';
import { localName } from '../files/localPath.ts';
import { isUnchanged } from '../files/existingFile.ts';
import type { InvalidNames } from '../model.ts';

/** Batches of at least this size are confirmed first. */
const manyObjects = 1000;
const manyBytes = 10 * 1024 ** 3;

/** Contents of a batch, as far as the survey got. */
export interface BatchPlan {
  /** Number of objects, without the empty ones that represent folders. */
  readonly objects: number;
  /** Total of the known sizes. */
  readonly bytes: number;
  /** Whether the survey covers the whole batch. */
  readonly isAll: boolean;
  /** Objects that must be restored before they can be read. */
  readonly archived: number;
  /** Objects whose names are not valid on every system: they get another name, or fail under the rule `fail`. */
  readonly renamed: number;
  /** Objects whose file already exists. */
  readonly existing: number;
  /** Existing files that do not match their object. */
  readonly existingChanged: number;
  /** Bytes of the readable objects, without and with an existing file. */
  readonly newBytes: number;
  readonly existingBytes: number;
  /** Free bytes on the disk; absent if unknown. */
  readonly freeBytes?: number;
}

/** Rules of a batch, from the settings or the user. */
export interface PlanRules {
  readonly conflict: ConflictPolicy;
  readonly invalidNames: InvalidNames;
}

/** Counts the objects of a survey. */
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

  /** @param existing entry at its path; a folder is no conflict: the file gets another name */
  add(item: SourceItem, existing: ExistingEntry | undefined): void {
    const { isFolder, isArchived, names, known } = item;
    if (isFolder) {
      return;
    }
    const { counts } = this;
    const bytes = known?.sizeBytes ?? 0;
    const exists = existing !== undefined && existing.kind !== 'folder';
    counts.objects += 1;
    counts.bytes += bytes;
    counts.archived += isArchived ? 1 : 0;
    counts.renamed += names.some((name) => isRenamed(name, this.invalidNames)) ? 1 : 0;
    counts.existing += exists ? 1 : 0;
    counts.existingChanged += exists && !isUnchanged(existing, item) ? 1 : 0;
    counts.newBytes += isArchived || exists ? 0 : bytes;
    counts.existingBytes += !isArchived && exists ? bytes : 0;
  }

  plan(isAll: boolean, freeBytes: number | undefined): BatchPlan {
    return { ...this.counts, isAll, ...defined({ freeBytes }) };
  }
}

/** Whether a name changes under this rule, or is invalid under `fail`. */
export function isRenamed(name: string, rule: InvalidNames): boolean {
  return localName(name, rule === 'encode' ? 'encode' : 'replace') !== name;
}

/**
 * Bytes of disk space that the batch needs, as far as known: a replaced file frees the space that the new one takes.
 */
export function neededBytes({ newBytes, existingBytes }: BatchPlan, conflict: ConflictPolicy): number {
  return conflict === 'rename' ? newBytes + existingBytes : newBytes;
}

export function lacksSpace(plan: BatchPlan, conflict: ConflictPolicy): boolean {
  return plan.freeBytes !== undefined && plan.freeBytes < neededBytes(plan, conflict);
}

/** Whether the user confirms the plan first: big, conflicts, invalid names, archived objects or too little space. */
export function isWorthAsking(plan: BatchPlan, { conflict, invalidNames }: PlanRules): boolean {
  const isBig = !plan.isAll || plan.objects >= manyObjects || plan.bytes >= manyBytes;
  const isAsked = conflict === 'ask' && plan.existing > 0;
  const isRefused = invalidNames === 'fail' && plan.renamed > 0;
  return isBig || isAsked || isRefused || plan.archived > 0 || lacksSpace(plan, conflict);
}
