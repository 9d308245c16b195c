import clipsAddress from 'window24:clips'
import type { Preferences } from '../../../device/http/contract.ts'
import { afterFrame } from '../after-frame.ts'
import { CHARACTERS, characterClip, clipName, type SpokenKey } from './spoken.ts'

type Language = Preferences['language']

/** A number is a few figures; what is longer is no number and is not read out. */
const MOST_CHARACTERS = 12

/**
 * Speaks clips, one saying at a time. A clip that is missing is silence, never an error: speech only ever repeats
 * what the screen says as well.
 */
export class Player {
  /** Whether there is anything to hear: without clips no page offers a voice. */
  offered = $state(false)

  #clips = new Map<string, string>()
  /** A hall's own, by the names of the clips that they stand for. */
  #recordings = new Map<string, string>()
  #audio: HTMLAudioElement | null = null
  /** What is still to be said: of each part the address to play, and what to play where that one cannot be. */
  #rest: string[][] = []
  #otherwise: string[] = []
  #cancelBeginning = (): void => {}

  /** Reads which clips there are, and lets every touch stop what is said. @returns how to let go of the page again */
  start(address: string | null = clipsAddress): () => void {
    if (address !== null) void this.#load(address)
    const stop = () => this.stop()
    addEventListener('pointerdown', stop, { capture: true })
    return () => {
      removeEventListener('pointerdown', stop, { capture: true })
      stop()
    }
  }

  /**
   * A hall's own recordings, all of them: from now on they are played instead of the clips with these names. Where one
   * cannot be played, the clip is.
   * @param recordings `zh/idle-warning` → address
   */
  replace(recordings: Record<string, string>): void {
    this.#recordings = new Map(Object.entries(recordings))
    this.#offer()
  }

  /** Reads which recordings the device has of its hall; what was there before stays where it does not answer. */
  async readRecordings(address: string): Promise<void> {
    const known = await listAt(address)
    if (known !== null) this.replace(known)
  }

  /**
   * Says it, and then the figures one by one. What was being said is broken off.
   * @param with.figures digits and Latin letters of a ticket or window number; all else in it is passed over
   */
  speak(key: SpokenKey, { language, figures = '' }: { language: Language; figures?: string }): void {
    this.stop()
    const known = [...figures.toUpperCase()].filter((one) => CHARACTERS.includes(one))
    const names = [
      clipName(language, key),
      ...(known.length <= MOST_CHARACTERS ? known.map((one) => characterClip(language, one)) : []),
    ]
    this.#rest = names
      .map((name) => [this.#recordings.get(name), this.#clips.get(name)])
      .map((addresses) => addresses.filter((one) => one !== undefined))
    // To begin a sound takes a slow machine 15 ms: the page that it speaks of stands first.
    this.#cancelBeginning = afterFrame(() => this.#next())
  }

  stop(): void {
    this.#cancelBeginning()
    this.#rest = []
    this.#otherwise = []
    this.#audio?.pause()
  }

  async #load(address: string): Promise<void> {
    const known = await listAt(address)
    if (known === null) return
    this.#clips = new Map(Object.entries(known))
    this.#offer()
  }

  #offer(): void {
    this.offered = this.#clips.size + this.#recordings.size > 0
  }

  #next(): void {
    const part = this.#rest.shift()
    if (part === undefined) return
    const [address, ...otherwise] = part
    if (address === undefined) {
      this.#next()
      return
    }
    this.#otherwise = otherwise
    if (this.#audio === null) {
      this.#audio = new Audio()
      this.#audio.addEventListener('ended', () => this.#next())
      this.#audio.addEventListener('error', () => {
        // A recording that is damaged or gone: the clip in its place, and then whatever follows.
        this.#rest.unshift(this.#otherwise)
        this.#next()
      })
    }
    this.#audio.src = address
    // Refused before the first touch of a page, and broken off by the next saying: both are silence.
    this.#audio.play().catch(() => {})
  }
}

/** Names and addresses; null where there is no such list. */
async function listAt(address: string): Promise<Record<string, string> | null> {
  try {
    const response = await fetch(address)
    const known: unknown = response.ok ? await response.json() : null
    if (known === null || typeof known !== 'object') return null
    return Object.fromEntries(
      Object.entries(known).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  } catch {
    // Without clips nothing is offered.
    return null
  }
}

/** The one voice of this page. */
export const player = new Player()
