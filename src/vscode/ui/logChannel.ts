import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import type { Logger, LogLevel } from '../../base/logger.ts';
import { redact } from '../../base/redact.ts';

/** The output channel "OSS Downloader". Every line is redacted here. */
export class LogChannel implements Logger, Disposable {
  private readonly channel: vscode.LogOutputChannel;

  constructor() {
    this.channel = vscode.window.createOutputChannel('OSS Downloader', { log: true });
  }

  log(level: LogLevel, message: string): void {
    this.channel[level](redact(message));
  }

  show(): void {
    this.channel.show(true);
  }

  dispose(): void {
    this.channel.dispose();
  }
}
