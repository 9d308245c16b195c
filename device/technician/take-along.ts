/** One file that a room has made, taken along on a USB stick: how the last try went, and a fact where it is done. */
import type { Machine } from '../../drivers/discovery/machine.ts'
import { writeToStick } from './stick-files.ts'
import { DONE, refuse, type SetupAnswer, type Workshop } from './workshop.ts'

export interface TakeAlong {
  /** `code`: `done`, or why not, as `stick-gone`; null before the first try. */
  saved(): { file: string; code: string } | null
  /** @param stick as Stick.id */
  save(stick: string, file: { name: string; bytes: Uint8Array }): Promise<SetupAnswer>
  forget(): void
}

export const takeAlong = (workshop: Workshop, machine: Machine, what: 'report' | 'bundle'): TakeAlong => {
  let saved: { file: string; code: string } | null = null
  return {
    saved: () => saved,
    async save(stick, { name, bytes }) {
      const answer = await writeToStick(machine, stick, name, bytes)
      saved = { file: answer.ok ? answer.file : name, code: answer.ok ? 'done' : answer.code }
      if (!answer.ok) return refuse(answer.code, answer.detail)
      workshop.record({ fact: 'taken-along', what })
      return DONE
    },
    forget() {
      saved = null
    },
  }
}
