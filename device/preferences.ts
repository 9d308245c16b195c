import type { Preferences } from './http/contract.ts'

export const defaultPreferences: Preferences = {
  language: 'zh',
  largeType: false,
  highContrast: false,
  reach: false,
  sound: true,
}

/** The same with each wish that was named. */
export const withWishes = (
  preferences: Preferences,
  wishes: { [Key in keyof Preferences]?: Preferences[Key] | undefined },
): Preferences => ({
  language: wishes.language ?? preferences.language,
  largeType: wishes.largeType ?? preferences.largeType,
  highContrast: wishes.highContrast ?? preferences.highContrast,
  reach: wishes.reach ?? preferences.reach,
  sound: wishes.sound ?? preferences.sound,
})
