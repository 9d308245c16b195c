declare module 'window24:clips' {
  /** Where the list of clips lies; null where none were made. */
  const address: string | null
  // biome-ignore lint/style/noDefaultExport: this is how a bundler gives an address
  export default address
}
