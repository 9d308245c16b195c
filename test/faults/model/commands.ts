/** What can happen to a device and its hall, in any order, and what must hold after each of it. */
import fc from 'fast-check'
import { anyLineFault } from '../line/any-fault.ts'
import type { World } from './world.ts'

/** What a command has to know beforehand to make sense. */
export interface Model {
  full: boolean
  backup: boolean
}

export const atTheStart = (): Model => ({ full: false, backup: false })

type Command = fc.AsyncCommand<Model, World>

class Act implements Command {
  readonly #name: string
  readonly #act: (world: World) => void | Promise<void>
  readonly #after: (model: Model) => void
  readonly #when: (model: Model) => boolean

  constructor(
    name: string,
    act: (world: World) => void | Promise<void>,
    {
      when = () => true,
      after = () => {},
    }: { when?: (model: Model) => boolean; after?: (model: Model) => void } = {},
  ) {
    this.#name = name
    this.#act = act
    this.#when = when
    this.#after = after
  }

  check(model: Readonly<Model>): boolean {
    return this.#when(model)
  }

  async run(model: Model, world: World): Promise<void> {
    await this.#act(world)
    this.#after(model)
    await nothingIsLost(world)
  }

  toString(): string {
    return this.#name
  }
}

/** acknowledged ⊆ recovered: each fact is in the device's store unchanged, or has been at the hall unchanged. */
async function nothingIsLost(world: World): Promise<void> {
  await world.lookAtHall()
  const kept = world.kept()
  for (const [place, hash] of world.acknowledged) {
    const here = kept.get(place) ?? world.everAtHall.get(place)
    if (here === undefined) throw new Error(`${place} was answered for and is nowhere`)
    if (here !== hash) throw new Error(`${place} was changed`)
  }
  const head = world.device.outbox.head()
  if (head !== null && head.epoch !== 1) throw new Error('a new epoch was begun without need')
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A minute off, an hour, beyond what released facts are kept, and 50 years, each way. */
const STEPS_MS = [60_000, HOUR_MS, 31 * DAY_MS, 50 * 365 * DAY_MS].flatMap((ms) => [ms, -ms])

const anyFaults = fc.array(anyLineFault, { maxLength: 3 })
const anySendingMs = fc.nat(12)

/** @param size at most so many; `inFolder`: the hall's store is a file that can be copied */
export const anyCommands = (size: number, { inFolder = true } = {}): fc.Arbitrary<Iterable<Command>> => {
  const capture = fc
    .tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('rating' as const, 'rating' as const, 'session' as const),
    )
    .map(([count, type]) => new Act(`capture ${count} ${type}`, (world) => world.capture(count, type)))
  const send = anyFaults.map(
    (faults) =>
      new Act(
        `send through [${faults.map(({ kind }) => kind)}]`,
        async (world) => await world.deliver(faults),
      ),
  )
  const crash = fc
    .tuple(anySendingMs, anyFaults)
    .map(
      ([ms, faults]) =>
        new Act(`crash after ${ms} ms of sending`, async (world) => await world.crashDevice(ms, faults)),
    )
  const crashHall = anySendingMs.map(
    (ms) => new Act(`crash the hall after ${ms} ms`, async (world) => await world.crashHall(ms)),
  )
  const step = fc
    .constantFrom(...STEPS_MS)
    .map((ms) => new Act(`step the clock by ${ms} ms`, (world) => world.stepClock(ms)))
  const one = (act: Act): fc.Arbitrary<Command> => fc.constant(act)
  return fc.commands(
    [
      capture,
      capture,
      send,
      send,
      crash,
      crashHall,
      step,
      one(new Act('a fact of a newer type', (world) => world.captureNewer(), { when: ({ full }) => !full })),
      one(
        new Act('fill the disk', (world) => world.fill(), {
          when: ({ full }) => !full,
          after: (model) => Object.assign(model, { full: true }),
        }),
      ),
      one(
        new Act('free the disk', async (world) => await world.free(), {
          when: ({ full }) => full,
          after: (model) => Object.assign(model, { full: false }),
        }),
      ),
      one(new Act('a month goes by', (world) => world.monthGoesBy())),
      one(
        new Act('use up the quota', (world) => world.capture(400, 'session'), { when: ({ full }) => !full }),
      ),
      one(new Act('restart the device', async (world) => await world.restartDevice())),
      one(new Act('restart the hall', async (world) => await world.halls.restart())),
      one(
        new Act('back the hall up', async (world) => await world.halls.backUp(), {
          when: () => inFolder,
          after: (model) => Object.assign(model, { backup: true }),
        }),
      ),
      one(
        new Act('restore the hall', async (world) => await world.halls.restore(), {
          when: ({ backup }) => backup,
        }),
      ),
    ] as fc.Arbitrary<Command>[],
    // As many as are asked for, not the few that are enough to begin with.
    { maxCommands: size, size: 'max' },
  )
}
