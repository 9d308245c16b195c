/** A program of the system that is asked something: timedatectl, chronyc, smartctl. */
import { execFile } from 'node:child_process'
import { STEP_WITHIN_MS } from './line.ts'

const OUTPUT_BYTES_MAX = 1024 * 1024

/** What it printed, whatever its exit code (smartctl's is a set of bits); null where it is missing, hangs or says nothing. */
export const ask = (
  program: string,
  args: readonly string[],
  path: string | undefined,
): Promise<string | null> =>
  new Promise((resolve) => {
    execFile(
      program,
      args,
      {
        timeout: STEP_WITHIN_MS,
        killSignal: 'SIGKILL',
        maxBuffer: OUTPUT_BYTES_MAX,
        env: { PATH: path, LC_ALL: 'C' },
      },
      (_, stdout) => resolve(stdout.trim() === '' ? null : stdout),
    )
  })
