/** A rating room with its store and its chain, in a folder of its own and a time that stands still until it is moved. */
import { afterEach, beforeEach, vi } from 'vitest'
import type { Level } from '../../../device/http/contract.ts'
import type { PadOptions } from '../../../device/rating/pad-types.ts'
import { temporaryFolder } from './house.ts'
import { openPadRoom, type PadRoom, question } from './pad-room.ts'

export interface PadAlone {
  /** Another after each restart. */
  readonly room: PadRoom
  /** @returns the question's id @throws where it is not opened */
  ask(...given: Parameters<typeof question>): string
  tap(evaluationId: string, level?: Level): ReturnType<PadRoom['pad']['act']>
  finish(evaluationId: string, labels?: string[], comment?: string | null): ReturnType<PadRoom['pad']['act']>
  /** The page that stands there, by its name. */
  page(): string
  /** As a cut of the power: the room is opened again from its folder. */
  restart(): void
}

const MORNING = new Date('2026-11-21T10:00:00+08:00')

/** For every test of the file or the block that asks for it, each with another. */
export function padAlone(more: Partial<Pick<PadOptions, 'dictionaries' | 'hasPanel'>> = {}): PadAlone {
  let parts: AsyncDisposableStack
  let folder: string
  let room: PadRoom
  beforeEach(async () => {
    parts = new AsyncDisposableStack()
    folder = await temporaryFolder(parts)
    vi.useFakeTimers({ now: MORNING })
    room = openPadRoom(folder, undefined, more)
  })
  afterEach(async () => {
    room.close()
    vi.useRealTimers()
    await parts.disposeAsync()
  })
  return {
    get room() {
      return room
    },
    ask(...given) {
      const answer = room.pad.ask(question(...given))
      if (!('id' in answer)) throw new Error(`refused: ${answer.verdict}`)
      return answer.id
    },
    tap: (evaluationId, level = 'satisfied') => room.pad.act({ type: 'choose-level', evaluationId, level }),
    finish: (evaluationId, labels = [], comment = null) =>
      room.pad.act({ type: 'finish', evaluationId, labels, comment }),
    page: () => room.pad.view().name,
    restart() {
      room.close()
      room = openPadRoom(folder, room.sealingKeys, more)
      room.pad.recover()
    },
  }
}
