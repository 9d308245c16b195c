declare module '*.svg?raw' {
  const text: string
  // biome-ignore lint/style/noDefaultExport: this is how a bundler gives a text
  export default text
}

declare module '*.css'
declare module 'window24:fonts.css'
declare module 'window24:everyday-fonts.css'
declare module 'window24:rare-fonts.css'

declare module 'subset-font' {
  const subsetFont: (font: Buffer, text: string, options: { targetFormat: 'sfnt' }) => Promise<Buffer>
  // biome-ignore lint/style/noDefaultExport: the package has no other
  export default subsetFont
}

interface ImportMeta {
  /** Of the bundler: every file of this pattern, put in at build time. */
  glob<T>(pattern: string, options: { eager: true; import: 'default' }): Record<string, T>
}
