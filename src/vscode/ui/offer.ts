import * as vscode from 'vscode';

/** A button of a message with its action. */
export type OfferedAction = readonly [label: string, act: () => void | Promise<void>];

/**
 * Shows a message with buttons, and runs the action of the pressed one.
 * @returns resolves when the action has ended or the message is closed; rejects as the action does
 */
export async function offer(
  severity: 'information' | 'warning' | 'error',
  message: string,
  actions: readonly OfferedAction[],
  options: vscode.MessageOptions = {},
): Promise<void> {
  const chosen = await show(severity)(message, options, ...actions.map(([label]) => label));
  await actions.find(([label]) => label === chosen)?.[1]();
}

function show(severity: 'information' | 'warning' | 'error'): typeof vscode.window.showInformationMessage {
  switch (severity) {
    case 'information':
      return vscode.window.showInformationMessage;
    case 'warning':
      return vscode.window.showWarningMessage;
    case 'error':
      return vscode.window.showErrorMessage;
  }
}
