/** Holes in a chain, and the device's own word for them (PROTOCOLS.md §1.3: `system` `set-aside`). */
import { z } from 'zod'
import { typeName } from '../protocol/events.ts'
import { Hash, parseSequence, SequenceText } from '../protocol/identifiers.ts'
import type { StoredEvent } from './store/store.ts'

export interface Hole {
  epoch: number
  first: number
  /** Null: an end of unknown length. */
  last: number | null
  /** The hash that the event after it names; null where none has come yet. */
  linkedTo: string | null
}

const SetAsideFact = z.object({
  data: z.object({
    fact: z.literal('set-aside'),
    epoch: z.int(),
    sequence: SequenceText.transform(parseSequence),
    hash: Hash,
  }),
})

/** All that a device owned up to in its chain, by place. */
export class SetAsides {
  readonly #hashes = new Map<string, string>()

  get count(): number {
    return this.#hashes.size
  }

  note(event: StoredEvent): void {
    if (event.type !== typeName('system')) return
    const { data: fact } = SetAsideFact.safeParse(parsedJson(event.text))
    if (fact !== undefined) this.#hashes.set(place(fact.data.epoch, fact.data.sequence), fact.data.hash)
  }

  hashAt(epoch: number, sequence: number): string | null {
    return this.#hashes.get(place(epoch, sequence)) ?? null
  }
}

/** Every event of the hole was told, and the chain goes on from the hash that was told for the last of them. */
export function isOwnedUp({ epoch, first, last, linkedTo }: Hole, told: SetAsides): boolean {
  for (let sequence = first; ; sequence += 1) {
    const hash = told.hashAt(epoch, sequence)
    if (hash === null) return false
    if (last === null ? hash === linkedTo : sequence === last) return linkedTo === null || hash === linkedTo
  }
}

function place(epoch: number, sequence: number): string {
  return `${epoch}:${sequence}`
}

/** Null for a text that is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
