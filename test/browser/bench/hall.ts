/** The demonstration hall with its people and cases, and a line to it for each device that can be cut and mended. */
import type { PadState, TerminalState } from '../../../device/http/contract.ts'
import { type Line, startLine } from '../../../scripts/demo/line.ts'
import { demoCases } from '../../../scripts/demo/people.ts'
import { startTestHall } from '../../device/support/house.ts'
import type { TestScreen } from '../../device/support/screen.ts'

export interface HallBench {
  url: string
  /** Ratings that it has stored. */
  ratings(): Promise<number>
  createEnrolmentCode(): string
  close(): Promise<void>
}

/** It enrols five devices a minute and no more, as any hall: a test that opens many gives each its own. */
export async function openHall(): Promise<HallBench> {
  const parts = new AsyncDisposableStack()
  const hall = await startTestHall(parts)
  return {
    url: hall.url,
    ratings: async () => (await hall.counts()).rating,
    createEnrolmentCode: () => hall.createEnrolmentCode(),
    close: () => parts.disposeAsync(),
  }
}

/** A case of the demonstration hall, as a receipt in somebody's hand. */
export function demoCase(index: number): (typeof demoCases)[number] {
  const found = demoCases[index]
  if (found === undefined) throw new Error(`the demonstration hall has no case ${index}`)
  return found
}

export interface LineBench {
  cut(): void
  /** Comes back when the device has the hall again. */
  mend(): Promise<void>
}

/** What a device says of its line. */
type Told = TestScreen<TerminalState> | TestScreen<PadState>

export function lineOf(wire: Line, told: Told): LineBench {
  return {
    cut: () => wire.set('cut'),
    async mend() {
      wire.set('up')
      await told.until(({ line }) => line.online)
    },
  }
}

/** The given hall, or one of its own, and the wire to it. */
export async function hallAndLine(
  given: HallBench | undefined,
  parts: AsyncDisposableStack,
): Promise<{ hall: HallBench; wire: Line }> {
  const hall = given ?? (await openHall())
  if (given === undefined) parts.defer(() => hall.close())
  const wire = await startLine(hall.url)
  parts.defer(() => wire.close())
  return { hall, wire }
}
