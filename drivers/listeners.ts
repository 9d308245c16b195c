/**
 * Listeners of one kind of event. A listener that throws is a fault of its owner: the others are still called
 * and the driver lives on (field row 17). The warning carries the place but not the message of the error, which
 * may quote what was read from a card.
 */
export class Listeners<T> {
  #listeners = new Set<(event: T) => void>()

  add(listener: (event: T) => void): () => void {
    // A wrapper of its own, so that the same function added twice is two listeners.
    const entry = (event: T): void => listener(event)
    this.#listeners.add(entry)
    return () => {
      this.#listeners.delete(entry)
    }
  }

  emit(event: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event)
      } catch (error) {
        warnOfDefect('a listener threw', error)
      }
    }
  }

  clear(): void {
    this.#listeners.clear()
  }
}

/** Tells of an error that only a defect of the program explains, with its place but without its message. */
export function warnOfDefect(what: string, error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const places = stack.split('\n').filter((line) => line.startsWith('    at '))
  process.emitWarning(`${what}: ${name}\n${places.join('\n')}`, 'DriverDefect')
}
