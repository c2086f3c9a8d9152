import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { isAlive } from '../../../scripts/install.mjs';
import { resultFile } from '../../../scripts/support/mocha.ts';
import { onStop } from '../../../scripts/support/stopping.ts';
import { waitFor } from '../../../scripts/support/waitFor.ts';
import { makeBaseFolder, prepareFolders } from '../../../scripts/vscodeServer/baseFolder.ts';
import { launchBrowser } from '../../../scripts/vscodeServer/browser.ts';
import { installPackage, loadFromFolder } from '../../../scripts/vscodeServer/loadExtension.ts';
import { startServer } from '../../../scripts/vscodeServer/server.ts';
import type { RunningServer } from '../../../scripts/vscodeServer/server.ts';
import { addEmptyLanguagePack } from './languagePack.ts';
import { Workbench } from './workbench.ts';

const extensionId = 'oss-downloader.oss-downloader';
const untrusting = { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' };

export interface EditorOptions {
  /** Added to the user settings that keep VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of scope `machine` and `machine-overridable`: a window on a server does not take them from the user's. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /**
   * Opens the workspace in Restricted Mode: nobody has trusted it, and nobody is asked to. These are its own settings.
   */
  readonly restrictedWorkspace?: Readonly<Record<string, unknown>>;
  /** Added to the environment of VS Code, and so of the extension. */
  readonly env?: NodeJS.ProcessEnv;
  /** Display language, such as `zh-cn`; English by default. */
  readonly language?: string;
}

/** The extension comes from the packaged .vsix that OSS_E2E_VSIX names, else from this development folder. */
export interface ExtensionSource {
  readonly vsix?: string;
  readonly folder: string;
}

/**
 * A VS Code with the extension: a server, a browser, and one window on an empty workspace folder. Nothing in it was
 * used before, and nothing of it stays after `close`.
 */
export class Editor {
  /** Holds all that the server, the browser and the extension write. */
  readonly baseFolder = makeBaseFolder();
  readonly #options: EditorOptions;
  readonly #source: ExtensionSource;
  readonly #release: () => void;
  #server: RunningServer | undefined;
  #browser: BrowserContext | undefined;
  #workbench: Workbench | undefined;

  constructor(options: EditorOptions, source: ExtensionSource) {
    this.#options = options;
    this.#source = source;
    this.#release = onStop(() => this.close());
  }

  /** The page objects of the window that is open now; another one after each restart. */
  get workbench(): Workbench {
    return required(this.#workbench);
  }

  get page(): Page {
    return this.workbench.page;
  }

  /** The folder that the window has open. */
  get workspaceFolder(): string {
    return path.join(this.baseFolder, 'workspace');
  }

  /** The home folder of VS Code and its extensions. */
  get homeFolder(): string {
    return path.join(this.baseFolder, 'home');
  }

  /** VS Code's user data: settings, logs, storage. */
  get userDataFolder(): string {
    return path.join(this.baseFolder, 'user-data');
  }

  /** Where the extension keeps its checkpoints. */
  get globalStorageFolder(): string {
    return path.join(this.userDataFolder, 'User/globalStorage', extensionId);
  }

  /** The console of the server and its extension hosts since the last start. */
  serverLog(): string {
    return required(this.#server).log();
  }

  /** What the extension has written to its output channels, in all its hosts since the editor was made. */
  extensionLog(): string {
    const files = globSync(`logs/**/${extensionId}/*.log`, { cwd: this.userDataFolder }).sort();
    return files.map((file) => readFileSync(path.join(this.userDataFolder, file), 'utf8')).join('');
  }

  /** Installs the extension and opens the window. */
  async open(): Promise<void> {
    mkdirSync(this.workspaceFolder, { recursive: true });
    const { settings = {}, machineSettings, restrictedWorkspace } = this.#options;
    prepareFolders(
      this.baseFolder,
      restrictedWorkspace === undefined ? settings : { ...settings, ...untrusting },
      machineSettings,
    );
    if (restrictedWorkspace !== undefined) {
      mkdirSync(path.join(this.workspaceFolder, '.vscode'));
      writeFileSync(path.join(this.workspaceFolder, '.vscode/settings.json'), JSON.stringify(restrictedWorkspace));
    }
    if (this.#source.vsix !== undefined) await installPackage(this.baseFolder, this.#source.vsix);
    if (this.#options.language !== undefined) addEmptyLanguagePack(this.userDataFolder, this.#options.language);
    await this.#start(0);
  }

  /** Opens a second window beside the first, on an empty folder of its own. It goes when its page is closed. */
  async openSecondWindow(): Promise<Workbench> {
    const folder = path.join(this.baseFolder, 'second-workspace');
    mkdirSync(folder, { recursive: true });
    const hosts = this.#hosts();
    const workbench = await this.#openWindow(await required(this.#browser).newPage(), folder);
    await waitFor('the extension host of the second window', () => this.#hosts().length > hosts.length, {
      limitMs: 60_000,
    });
    return workbench;
  }

  /** Keeps a picture of the window in `test-results/e2e`. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: resultFile(path.join('e2e', `${name}.png`)) });
  }

  async close(): Promise<void> {
    this.#release();
    await this.#browser?.close();
    await this.#server?.stop();
    rmSync(this.baseFolder, { recursive: true, force: true });
  }

  /** Loads the window again, as Developer: Reload Window does: the old host ends, a new one starts. */
  async reload(): Promise<void> {
    const [old] = this.#hosts().slice(-1);
    await this.page.reload();
    await this.workbench.waitUntilReady();
    await this.#newHost(old);
  }

  /**
   * Quits and starts VS Code again: same address, same profile, same workspace.
   *
   * @param how `orderly` lets the extension deactivate; `powerCut` ends all processes of the server at once
   */
  async restart(how: 'orderly' | 'powerCut'): Promise<void> {
    const server = required(this.#server);
    if (how === 'powerCut') {
      await server.kill();
    } else {
      // A server that is told to end does not wait for a host that has just lost its window.
      await this.page.close();
      await waitFor('the extension host to end', () => this.#hosts().length === 0, { limitMs: 20_000 });
    }
    await this.#browser?.close();
    await server.stop();
    await this.#start(server.port);
  }

  /** Process id of the extension host of the window. */
  extensionHostPid(): number {
    return required(this.#hosts().at(-1));
  }

  /** Memory of the extension host that is in RAM, in bytes, as the operating system counts it (Linux). */
  extensionHostMemory(): number {
    const [, kibibytes] =
      /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.extensionHostPid()}/status`, 'utf8')) ?? [];
    return Number(required(kibibytes)) * 1024;
  }

  /**
   * Kills the extension host at once, like `kill -9`. VS Code starts a new one within a second, but the third time in
   * five minutes it asks first.
   *
   * @param options.awaitNext false returns as soon as the old one is gone
   */
  async killExtensionHost(options: { readonly awaitNext?: boolean } = {}): Promise<void> {
    const pid = this.extensionHostPid();
    process.kill(pid, 'SIGKILL');
    await waitFor('the extension host to end', () => !isAlive(pid));
    if (options.awaitNext ?? true) await this.#newHost(pid);
  }

  #hosts(): number[] {
    return required(this.#server).extensionHosts();
  }

  async #newHost(old: number | undefined): Promise<void> {
    await waitFor('a new extension host', () => this.#hosts().some((pid) => pid !== old), { limitMs: 60_000 });
  }

  async #start(port: number): Promise<void> {
    const { env, language, restrictedWorkspace } = this.#options;
    const args = language === undefined ? [] : ['--locale', language];
    this.#server = await startServer({
      baseFolder: this.baseFolder,
      port,
      args,
      asksForTrust: restrictedWorkspace !== undefined,
      ...(env === undefined ? {} : { env }),
    });
    this.#browser = await launchBrowser(this.baseFolder);
    const page = this.#browser.pages()[0] ?? (await this.#browser.newPage());
    this.#workbench = await this.#openWindow(page, this.workspaceFolder);
    await this.#newHost(undefined);
  }

  async #openWindow(page: Page, folder: string): Promise<Workbench> {
    const { port, origin } = required(this.#server);
    page.setDefaultTimeout(30_000);
    if (this.#source.vsix === undefined) await loadFromFolder(page, port, this.#source.folder);
    const workbench = new Workbench(page);
    await page.goto(`${origin}/?folder=${encodeURIComponent(folder)}`);
    await workbench.waitUntilReady();
    return workbench;
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The editor is not open.');
  return value;
}
