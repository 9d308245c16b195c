import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import type { DockState } from './contract.ts'

/** The page printer's folder, as a tray that one can look into. */
export interface PageTray {
  /** Newest first. */
  list(): DockState['pages']
  path(file: string): string | null
  onChange(listener: () => void): void
  close(): void
}

const LONGEST_LIST = 20

export function watchPages(folder: string): PageTray {
  const names = () => readdirSync(folder).filter((name) => /^[\w-]+\.pdf$/.test(name))
  let watcher: FSWatcher | null = null
  return {
    list: () =>
      names()
        .map((name) => ({ name, at: statSync(join(folder, name)).mtime.toISOString() }))
        .sort((a, b) => b.at.localeCompare(a.at))
        .slice(0, LONGEST_LIST)
        .map(({ name, at }) => ({ name, at, url: `/dock/pages/${name}` })),
    path: (file) => (names().includes(file) ? join(folder, file) : null),
    onChange(listener) {
      watcher = watch(folder, listener)
    },
    close() {
      watcher?.close()
    },
  }
}
