import clipsAddress from 'window24:clips'
import type { Preferences } from '../../../device/http/contract.ts'
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
  #audio: HTMLAudioElement | null = null
  #rest: string[] = []

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
   * A hall's own recordings: from now on they are played instead of the clips with these names.
   * @param clips `zh/idle-warning` → address
   */
  replace(clips: Record<string, string>): void {
    for (const [name, address] of Object.entries(clips)) this.#clips.set(name, address)
    this.offered = this.#clips.size > 0
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
    this.#rest = names.flatMap((name) => this.#clips.get(name) ?? [])
    this.#next()
  }

  stop(): void {
    this.#rest = []
    this.#audio?.pause()
  }

  async #load(address: string): Promise<void> {
    try {
      const response = await fetch(address)
      const known: unknown = response.ok ? await response.json() : null
      if (known === null || typeof known !== 'object') return
      for (const [name, clip] of Object.entries(known)) {
        // A hall's own recording that came earlier stays.
        if (typeof clip === 'string' && !this.#clips.has(name)) this.#clips.set(name, clip)
      }
      this.offered = this.#clips.size > 0
    } catch {
      // Without clips nothing is offered.
    }
  }

  #next(): void {
    const address = this.#rest.shift()
    if (address === undefined) return
    if (this.#audio === null) {
      this.#audio = new Audio()
      this.#audio.addEventListener('ended', () => this.#next())
      this.#audio.addEventListener('error', () => this.#next())
    }
    this.#audio.src = address
    // Refused before the first touch of a page, and broken off by the next saying: both are silence.
    this.#audio.play().catch(() => {})
  }
}

/** The one voice of this page. */
export const player = new Player()
