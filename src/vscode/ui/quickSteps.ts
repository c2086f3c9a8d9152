import { defined } from '../../base/defined.ts';
import * as vscode from 'vscode';

/** Result of one step: an answer, back to the previous step, or undefined when the user cancelled. */
export type StepResult<T> = { readonly answer: T } | 'back' | undefined;

/** Title and position of a step in its sequence. */
export interface StepInfo {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

export interface TextPrompt {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly password?: boolean;
  /** @returns a message about the trimmed text, undefined if valid */
  readonly validate?: (text: string) => string | undefined;
}

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
}

/** One step of a sequence: receives the answers so far and returns them with its own. */
export interface Step<S> {
  /** Whether the step is needed after these answers. */
  readonly applies?: (answers: S) => boolean;
  ask(answers: S, info: StepInfo): Promise<StepResult<S>>;
}

/**
 * Runs the steps in order, with a way back.
 *
 * @param first index of the first step; the earlier ones are answered in `initial`
 * @returns all answers, undefined when the user cancelled
 */
export async function runSteps<S>(
  title: string,
  initial: S,
  steps: readonly Step<S>[],
  first = steps[0],
): Promise<S | undefined> {
  let answers = initial;
  let index = Math.max(
    0,
    steps.filter((step) => step.applies?.(answers) ?? true).findIndex((step) => step === first),
  );
  for (;;) {
    const applying = steps.filter((step) => step.applies?.(answers) ?? true);
    const step = applying[index];
    if (step === undefined) {
      return answers;
    }
    const result = await step.ask(answers, { title, step: index + 1, totalSteps: applying.length });
    if (result === undefined) {
      return undefined;
    }
    if (result === 'back') {
      index = Math.max(0, index - 1);
    } else {
      answers = result.answer;
      index += 1;
    }
  }
}

/** Shows an input box that stays open while the user copies a value elsewhere. The answer is trimmed. */
export function askText(info: StepInfo, options: TextPrompt): Promise<StepResult<string>> {
  const input = vscode.window.createInputBox();
  prepare(input, info);
  input.prompt = options.prompt;
  input.placeholder = options.placeholder;
  input.value = options.value ?? '';
  input.password = options.password ?? false;
  return new Promise((resolve) => {
    const finish = (result: StepResult<string>): void => {
      resolve(result);
      input.dispose();
    };
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidAccept(() => {
      const text = input.value.trim();
      const problem = options.validate?.(text);
      if (problem === undefined) {
        finish({ answer: text });
      } else {
        input.validationMessage = problem;
      }
    });
    input.onDidTriggerButton(() => finish('back'));
    input.onDidHide(() => finish(undefined));
    input.show();
  });
}

export function askChoice<T>(
  info: StepInfo,
  placeholder: string,
  choices: readonly Choice<T>[],
): Promise<StepResult<T>> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly choice: Choice<T> }>();
  prepare(pick, info);
  pick.placeholder = placeholder;
  pick.matchOnDescription = true;
  pick.items = choices.map((choice) => ({
    label: choice.label,
    ...defined({ description: choice.description, detail: choice.detail }),
    choice,
  }));
  return new Promise((resolve) => {
    const finish = (result: StepResult<T>): void => {
      resolve(result);
      pick.dispose();
    };
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen !== undefined) {
        finish({ answer: chosen.choice.value });
      }
    });
    pick.onDidTriggerButton(() => finish('back'));
    pick.onDidHide(() => finish(undefined));
    pick.show();
  });
}

/** Maps the answer of a step's result. */
export function mapAnswer<T, S>(result: StepResult<T>, change: (answer: T) => S): StepResult<S> {
  return result === undefined || result === 'back' ? result : { answer: change(result.answer) };
}

function prepare(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem & { readonly choice: unknown }>,
  info: StepInfo,
): void {
  input.title = info.title;
  input.step = info.step;
  input.totalSteps = info.totalSteps;
  input.ignoreFocusOut = true;
  input.buttons = info.step > 1 ? [vscode.QuickInputButtons.Back] : [];
}
