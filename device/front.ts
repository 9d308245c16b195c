/**
 * The screen's listener, with or without a device behind it: while the disk keeps one from starting, whoever stands
 * there reads that nothing can be kept now, on the page that turns back by itself. It stands over every restart and every
 * change of the configuration, and before there is one: then it has the technician's pages alone.
 */
import { formatInstant } from '../sync/protocol/identifiers.ts'
import type { ListenAddress } from './address.ts'
import type { Configuration } from './configuration.ts'
import type { Action, ScreenState } from './http/contract.ts'
import type { Media } from './http/media.ts'
import { BUILT_PAGES, buildReader } from './http/pages.ts'
import { type ActAnswer, type Screen, type SetupRoutes, startScreen } from './http/screen.ts'
import type { Surroundings } from './role.ts'
import { applySettings } from './settings.ts'
import { themeAt } from './surroundings.ts'

export interface Face {
  state: () => ScreenState
  act: (action: Action) => Promise<ActAnswer>
  media: Media
}

export interface Front {
  screen: Screen
  /** Whose pages these are from now on; null while nothing is set up. */
  become(configuration: Configuration | null): void
  /** Null when there is nobody behind it for now. */
  show(face: Face | null): void
}

export interface FrontOptions {
  listen: ListenAddress
  /** Null while nothing is set up. */
  configuration: Configuration | null
  /** As of the screen. */
  token: string | null
  /** The technician's pages; none unless told otherwise. */
  setup?: SetupRoutes
  pagesFolder?: string
  onTrouble: (error: unknown) => void
}

export const CANNOT_KEEP: ActAnswer = {
  ok: false,
  code: 'cannot-keep',
  detail: 'nothing can be written down now, and nothing was; the device tries again by itself',
}

/** @throws DeviceError when the address cannot be listened on */
export const startFront = async (options: FrontOptions): Promise<Front> => {
  const { listen, token, onTrouble, setup = null, pagesFolder = BUILT_PAGES } = options
  const build = buildReader(pagesFolder)
  let { configuration } = options
  let face: Face | null = null
  const screen = await startScreen({
    listen,
    role: () => configuration?.role ?? null,
    state: () => face?.state() ?? (configuration === null ? null : nobodyBehind(configuration, build())),
    act: async (action) => (face === null ? CANNOT_KEEP : await face.act(action)),
    media: {
      recordings: () => face?.media.recordings() ?? new Map(),
      medium: (sha256) => face?.media.medium(sha256) ?? null,
    },
    pagesFolder,
    embeddedBy: () => configuration?.screen.embeddedBy ?? [],
    setup,
    token,
    onTrouble,
  })
  return {
    screen,
    become(next) {
      configuration = next
      screen.publish()
    },
    show(next) {
      face = next
      screen.publish()
    },
  }
}

const nobodyBehind = (configuration: Configuration, build: string): ScreenState => {
  const { role, device, screen } = configuration
  const settings = applySettings(configuration, {})
  const now = new Date()
  const surroundings: Surroundings = {
    build,
    now: formatInstant(now),
    device: { name: device.name, window: device.window, id: null },
    hall: null,
    theme: themeAt(now, settings),
    screen: { diagonalInches: screen.diagonalInches },
    line: { online: false, backlog: 0 },
    storage: 'cannot-keep',
    recordings: null,
    peripherals: {},
  }
  const { preferences } = settings
  const view = { name: 'not-enrolled' } as const
  return role === 'pad'
    ? { ...surroundings, role, preferences, view, staff: null }
    : {
        ...surroundings,
        role,
        preferences,
        view,
        tiles: [],
        cardExpired: false,
        idleEndsAt: null,
        closesAt: null,
      }
}
