import type { EventData, EventType } from '../sync/protocol/events.ts'

/** Puts a fact into the chain, inside the caller's transaction: the fact and what it tells of stand or fall together. */
export type AppendFact = <T extends EventType>(type: T, data: EventData<T>, at: Date) => void
