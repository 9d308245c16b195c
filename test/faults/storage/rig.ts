/** What every run needs: a folder in memory, the compiled tools, judges, a tally; all of it gone in the end. */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { Tally } from './counts.ts'
import { rigFolder } from './disk.ts'
import { type Judge, startJudges } from './judge.ts'
import { compileTools } from './shim.ts'

export interface Rig extends AsyncDisposable {
  rig: string
  tools: { shim: string; keep: string }
  judge: Judge
  tally: Tally
}

/** @param keep leaves the copies that were not clean, to be looked into */
export function openRig(options: { judges: number; keep?: boolean }): Rig {
  const rig = rigFolder()
  const judge = startJudges(options.judges)
  const tally = new Tally()
  return {
    rig,
    tools: compileTools(rig),
    judge,
    tally,
    async [Symbol.asyncDispose]() {
      await judge.close()
      unmountBelow(rig)
      if (options.keep && !tally.clean) return
      rmSync(rig, { recursive: true, force: true })
    },
  }
}

/** What a run that broke off has left mounted; the innermost first. */
function unmountBelow(rig: string): void {
  const mounted = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((folder) => folder.startsWith(`${rig}/`))
  for (const folder of mounted.reverse()) execFileSync('umount', ['-l', folder])
}
