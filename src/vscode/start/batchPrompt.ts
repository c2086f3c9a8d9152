import path from 'node:path';
import { formatBytes, formatCount } from '../../base/format.ts';
import type { BatchRequest, ConflictPolicy } from '../../download/batchModel.ts';
import { lacksSpace, neededBytes, isWorthAsking } from '../../download/batch/batchPlan.ts';
import type { BatchPlan, PlanRules } from '../../download/batch/batchPlan.ts';
import { objectCount } from '../ui/localFormat.ts';
import type { Localizer } from '../ui/localizer.ts';
import type { InvalidNames } from '../../download/model.ts';

/** A button, and the settings of the batch when it is pressed. */
export interface PlanChoice {
  readonly label: string;
  readonly conflict: ConflictPolicy;
  readonly leaveOutArchived: boolean;
}

/** Dialog that confirms a large batch. */
export interface BatchPrompt {
  readonly message: string;
  /** One line a fact; may be empty. */
  readonly detail: string;
  readonly isWarning: boolean;
  /** The first is the default button; without Cancel. */
  readonly choices: readonly PlanChoice[];
}

/** Summarizes a batch and its problems, and offers solutions. */
export function batchPrompt(
  plan: BatchPlan,
  request: PlanRules & Pick<BatchRequest, 'folder'>,
  l10n: Localizer,
): BatchPrompt {
  const { folder, conflict, invalidNames } = request;
  const findings = [
    ...thereLines(plan, conflict, l10n),
    ...nameLines(plan, invalidNames, l10n),
    ...archivedLines(plan, l10n),
  ];
  const seen = plan.isAll || findings.length === 0 ? [] : [l10n.t('Among the first {0}:', formatCount(plan.objects))];
  return {
    message: l10n.t('Download {0} to {1}?', amount(plan, l10n), path.basename(folder) || folder),
    detail: [...spaceLines(plan, conflict, l10n), ...seen, ...findings].join('\n'),
    isWarning: lacksSpace(plan, conflict) || (invalidNames === 'fail' && plan.renamed > 0),
    choices: planChoices(plan, conflict, l10n),
  };
}

function amount({ objects, bytes, isAll }: BatchPlan, l10n: Localizer): string {
  if (!isAll) {
    return l10n.t('more than {0} objects ({1} so far)', formatCount(objects), formatBytes(bytes));
  }
  return l10n.t('{0} ({1})', objectCount(objects, l10n), formatBytes(bytes));
}

function spaceLines(plan: BatchPlan, conflict: ConflictPolicy, l10n: Localizer): readonly string[] {
  if (plan.freeBytes === undefined) {
    return [];
  }
  const free = formatBytes(plan.freeBytes);
  if (lacksSpace(plan, conflict)) {
    const needed = formatBytes(neededBytes(plan, conflict));
    return [
      plan.isAll
        ? l10n.t('Not enough space: {0} needed, {1} free.', needed, free)
        : l10n.t('Not enough space: {0} needed so far, {1} free.', needed, free),
    ];
  }
  // An incomplete listing has no total to compare with.
  return plan.isAll ? [] : [l10n.t('Free space: {0}.', free)];
}

function thereLines(
  { existing, existingChanged }: BatchPlan,
  conflict: ConflictPolicy,
  l10n: Localizer,
): readonly string[] {
  if (existing === 0) {
    return [];
  }
  const count = formatCount(existing);
  const changed = formatCount(existingChanged);
  switch (conflict) {
    case 'ask':
      return [l10n.t('Files already there: {0}; not the same as in OSS: {1}.', count, changed)];
    case 'overwriteIfChanged':
      return [
        l10n.t(
          'Files already there: {0}; not the same as in OSS, and replaced as the settings say: {1}.',
          count,
          changed,
        ),
      ];
    case 'overwrite':
      return [l10n.t('Files already there: {0}. They are replaced, as the settings say.', count)];
    case 'skip':
      return [l10n.t('Files already there: {0}. They are kept and their objects skipped, as the settings say.', count)];
    case 'rename':
      return [l10n.t('Files already there: {0}. They are kept and the new ones numbered, as the settings say.', count)];
  }
}

function nameLines({ renamed }: BatchPlan, rule: InvalidNames, l10n: Localizer): readonly string[] {
  if (renamed === 0) {
    return [];
  }
  const count = formatCount(renamed);
  switch (rule) {
    case 'encode':
      return [l10n.t('Names that some system cannot hold: {0}. Their files are named with %XX.', count)];
    case 'replace':
      return [l10n.t('Names that some system cannot hold: {0}. Their files are named with _.', count)];
    case 'fail':
      return [l10n.t('Names that some system cannot hold: {0}. These objects fail, as the settings say.', count)];
  }
}

function archivedLines(plan: BatchPlan, l10n: Localizer): readonly string[] {
  if (plan.archived === 0) {
    return [];
  }
  return [
    hasReadable(plan)
      ? l10n.t(
          'Archived objects: {0}. They can be read only after a restore, and are left out unless you include them.',
          formatCount(plan.archived),
        )
      : l10n.t('All of these objects are archived. They can be read only after a restore.'),
  ];
}

/** Whether the batch has objects that are not archived. */
function hasReadable({ isAll, archived, objects }: BatchPlan): boolean {
  return !isAll || archived < objects;
}

function planChoices(plan: BatchPlan, conflict: ConflictPolicy, l10n: Localizer): readonly PlanChoice[] {
  const leaveOutArchived = plan.archived > 0 && hasReadable(plan);
  const includeArchived: PlanChoice = { label: l10n.t('Include Archived'), conflict, leaveOutArchived: false };
  if (conflict !== 'ask' || plan.existing === 0) {
    return leaveOutArchived
      ? [{ label: l10n.t('Download the Rest'), conflict, leaveOutArchived }, includeArchived]
      : [{ label: l10n.t('Download'), conflict, leaveOutArchived }];
  }
  // Three buttons at most: the other options are offered when asking for each file.
  const replaceChanged: PlanChoice = {
    label: l10n.t('Replace Changed'),
    conflict: 'overwriteIfChanged',
    leaveOutArchived,
  };
  const askForEach: PlanChoice = { label: l10n.t('Ask for Each'), conflict: 'ask', leaveOutArchived };
  return leaveOutArchived
    ? [replaceChanged, askForEach, includeArchived]
    : [replaceChanged, { label: l10n.t('Skip Existing'), conflict: 'skip', leaveOutArchived }, askForEach];
}

/** Port to the engine's plan and the dialog; undefined when the user cancelled. */
export interface BatchPlanner {
  survey(request: BatchRequest): Promise<BatchPlan | undefined>;
  ask(question: BatchPrompt): Promise<PlanChoice | undefined>;
}

/**
 * Returns a small batch without problems unchanged; asks once about any other.
 * @returns undefined when the user cancelled
 * @throws AppError of the listing
 */
export async function confirmBatch(
  request: BatchRequest,
  planner: BatchPlanner,
  l10n: Localizer,
): Promise<BatchRequest | undefined> {
  const plan = await planner.survey(request);
  if (plan === undefined || !isWorthAsking(plan, request)) {
    return plan && request;
  }
  const choice = await planner.ask(batchPrompt(plan, request, l10n));
  if (choice === undefined) {
    return undefined;
  }
  const { conflict, leaveOutArchived } = choice;
  return { ...request, conflict, ...(leaveOutArchived ? { leaveOutArchived } : {}) };
}
