export declare const projectFolder: string;
export declare const toolsFolder: string;

export declare class Failure extends Error {}

export declare function say(text: string): void;

export declare function installOnce(name: string, fill: (folder: string) => void): string;

export declare function isAlive(pid: number): boolean;

export declare function withFirstInPath(executable: string, env?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;

export declare function npm(
  what: string,
  args: readonly string[],
  options?: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly node?: string },
): void;

export declare function ensureNode24(): { readonly folder: string; readonly executable: string };
