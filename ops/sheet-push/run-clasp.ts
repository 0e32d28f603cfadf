import { execFile } from 'node:child_process';
import type { RunClasp } from './clasp.ts';

const LONGEST_MS = 120_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** Settings of the shell must not choose another project, or leave files out. */
function quietEnvironment(): NodeJS.ProcessEnv {
  const { clasp_config_project: _project, clasp_config_ignore: _ignore, ...rest } = process.env;
  return rest;
}

/** The real clasp; with no terminal it asks nothing. */
export function claspAt(file: string): RunClasp {
  return (args, cwd) =>
    new Promise((resolve) => {
      const options = { cwd, env: quietEnvironment(), timeout: LONGEST_MS, maxBuffer: MOST_BYTES };
      const child = execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr: stderr || (error?.killed ? 'it took longer than two minutes' : '') });
      });
      child.stdin?.end();
    });
}
