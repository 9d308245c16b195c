/** A hall whose folder can be copied, moved and put back, behind a line that finds it again. */
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Hall, startHall } from '../../../sync/hall/hall.ts'
import type { FaultyLine } from '../line/faulty-line.ts'
import type { HallPlace } from '../line/pair.ts'

export class HallFolder {
  readonly #root: string
  readonly #database: string | null
  #dir: string
  #generation = 0
  #backup: string | null = null
  line: FaultyLine | null = null
  /** Ahead of this machine's clock. */
  offsetMs = 0
  hall!: Hall

  private constructor(root: string, database: string | null) {
    this.#root = root
    this.#database = database
    this.#dir = join(root, 'hall-0')
  }

  /** @param database an empty PostgreSQL database, which then is all but the keys; null for a file in the folder */
  static async begin(root: string, database: string | null): Promise<HallFolder> {
    const folder = new HallFolder(root, database)
    await folder.#open()
    return folder
  }

  /** For who reads it beside the running server. */
  get place(): HallPlace {
    return { dataDir: this.#dir, database: this.#database }
  }

  async #open(): Promise<void> {
    const place = { dataDir: this.#dir, database: this.#database }
    const clock = (): Date => new Date(Date.now() + this.offsetMs)
    this.hall = await startHall({ ...place, listen: '127.0.0.1:0', demo: false, clock })
    if (this.line !== null) this.line.hallUrl = this.hall.url
  }

  async restart(): Promise<void> {
    await this.hall.close()
    await this.#open()
  }

  /** As kill -9 leaves it: its files as they are at this moment, and not a word more from it. */
  async crash(): Promise<void> {
    this.line?.sever()
    const next = this.#nextDir()
    copyFolder(this.#dir, next)
    await this.#moveTo(next)
  }

  /** A copy of the stopped hall's folder, as an administrator makes one. */
  async backUp(): Promise<void> {
    await this.hall.close()
    this.#backup = join(this.#root, 'backup')
    rmSync(this.#backup, { recursive: true, force: true })
    copyFolder(this.#dir, this.#backup)
    await this.#open()
  }

  async restore(): Promise<void> {
    if (this.#backup === null) return
    const next = this.#nextDir()
    copyFolder(this.#backup, next)
    await this.#moveTo(next)
  }

  #nextDir(): string {
    this.#generation += 1
    return join(this.#root, `hall-${this.#generation}`)
  }

  async #moveTo(dir: string): Promise<void> {
    await this.hall.close()
    rmSync(this.#dir, { recursive: true, force: true })
    this.#dir = dir
    await this.#open()
  }
}

/** What is only shared memory between programs is not on a disk after a crash. */
export function copyFolder(from: string, to: string): void {
  mkdirSync(to)
  for (const file of readdirSync(from))
    if (!file.endsWith('-shm')) cpSync(join(from, file), join(to, file), { recursive: true })
}
