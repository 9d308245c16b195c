import type { Hall, Preferences, TerminalAction, TerminalState } from '../../device/http/contract.ts'
import { DeviceLink } from '../shared/device-link.svelte.ts'
import { calendarDay, clockTime, shortDate, wallClock } from '../shared/format.ts'
import { terminalWords } from './words/words.ts'
import type { Words } from './words/zh.ts'

/** The one tie of this page to its terminal. */
export const link = new DeviceLink<TerminalState, TerminalAction>('terminal')

/** Sends what a touch means; the page changes when the terminal's next state comes. */
export function act(action: TerminalAction): void {
  void link.act(action)
}

/** What every view reads besides its own part of the state. */
class Screen {
  get language(): Preferences['language'] {
    return link.state?.preferences.language ?? 'zh'
  }

  get words(): Words {
    return terminalWords[this.language]
  }

  get hall(): Hall | null {
    return link.state?.hall ?? null
  }

  /** Whether a card can be read now. */
  get takesCard(): boolean {
    return link.state?.peripherals.idReader?.state === 'ready'
  }

  /** The card that was shown last is valid no more. */
  get cardExpired(): boolean {
    return link.state?.cardExpired ?? false
  }

  /** The receipt printer stands still in the midst of its work. */
  get slipsHeld(): boolean {
    return link.state?.peripherals.receiptPrinter?.state === 'fault'
  }

  get theme(): TerminalState['theme'] {
    return link.state?.theme ?? 'night'
  }

  /** `11月21日` of an instant, in the device's zone. */
  date(instant: string): string {
    return shortDate(wallClock(Date.parse(instant), link.offsetMinutes), this.#presentYear(), this.language)
  }

  /** `11月21日` of a calendar day such as `2026-11-21`. */
  day(isoDate: string): string {
    return shortDate(calendarDay(isoDate), this.#presentYear(), this.language)
  }

  time(instant: string): string {
    return clockTime(wallClock(Date.parse(instant), link.offsetMinutes))
  }

  #presentYear(): number {
    return wallClock(link.now, link.offsetMinutes).year
  }
}

export const screen = new Screen()
