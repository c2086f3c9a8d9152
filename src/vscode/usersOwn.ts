/** What is needed of a `vscode.WorkspaceConfiguration`. */
export interface InspectedConfiguration {
  get(key: string): unknown;
  inspect(
    key: string,
  ):
    | {
        readonly defaultValue?: unknown;
        readonly globalValue?: unknown;
        readonly workspaceValue?: unknown;
        readonly workspaceFolderValue?: unknown;
      }
    | undefined;
}

/** Reads as if no workspace were open. The scopes of settings keep workspaces out already; this holds whatever the scope is. */
export function usersOwn(configuration: InspectedConfiguration): (key: string) => unknown {
  return (key) => {
    const found = configuration.inspect(key);
    const isWorkspaces = found?.workspaceValue !== undefined || found?.workspaceFolderValue !== undefined;
    return isWorkspaces ? (found.globalValue ?? found.defaultValue) : configuration.get(key);
  };
}
