/** What the hall has set from afar, over what this device's own configuration says. */
import type { DeviceSettings } from '../sync/protocol/settings.ts'
import type { Configuration } from './configuration.ts'
import type { Preferences, Service } from './http/contract.ts'
import { defaultPreferences } from './preferences.ts'
import { SESSION_TIMINGS } from './session/session.ts'
import type { SessionTimings } from './session/state.ts'

const MS_PER_SECOND = 1000

export interface AppliedSettings {
  night: Configuration['screen']['night']
  theme: 'by-hours' | 'day' | 'night'
  showNotices: boolean
  /** What each new person begins with. */
  preferences: Preferences
  timings: SessionTimings
  /** What a terminal offers. */
  services: readonly Service[]
}

export const applySettings = (configuration: Configuration, settings: DeviceSettings): AppliedSettings => {
  const { hours, theme = 'by-hours', notices = 'shown', sound, idle, services } = settings
  return {
    night: hours === undefined ? configuration.screen.night : { from: hours.nightFrom, to: hours.nightTo },
    theme,
    showNotices: notices === 'shown',
    preferences: {
      ...defaultPreferences,
      sound: sound === undefined ? defaultPreferences.sound : sound === 'on',
    },
    timings:
      idle === undefined
        ? SESSION_TIMINGS
        : {
            ...SESSION_TIMINGS,
            idle: idle.seconds * MS_PER_SECOND,
            warning: idle.warningSeconds * MS_PER_SECOND,
          },
    services: services ?? configuration.services,
  }
}
