/** What of a flake is the ISO. */
export interface IsoTarget {
  /** The flake without an attribute. */
  readonly flake: string
  /** The configuration's name, where the ISO is a configuration's. */
  readonly configuration: string | undefined
  /** What is evaluated, as Nix takes it: the configuration, or the package. */
  readonly subject: string
  /** What is built, as `nix build` takes it. */
  readonly installable: string
  /** `aarch64-linux` */
  readonly system: string
}

/**
 * Reads an attribute as users write it: a name, `nixosConfigurations.NAME`, or the whole path of a package.
 *
 * @param architecture `aarch64`; also the name of the configuration where no attribute is given
 */
export function isoTarget(flake: string, attribute: string | undefined, architecture: string): IsoTarget {
  const system = `${architecture}-linux`
  const configuration = nameOf(attribute ?? architecture)
  if (configuration === undefined) {
    const installable = `${flake}#${attribute}`
    return { flake, configuration, subject: installable, installable, system }
  }
  const name = /^[A-Za-z_][\w'-]*$/.test(configuration) ? configuration : `"${configuration}"`
  const subject = `${flake}#nixosConfigurations.${name}`
  const installable = `${subject}.config.system.build.isoImage`
  return { flake, configuration, subject, installable, system }
}

function nameOf(attribute: string): string | undefined {
  const [, quoted, plain] = /^nixosConfigurations\.(?:"([^"]+)"|([^".]+))$/.exec(attribute) ?? []
  return quoted ?? plain ?? (attribute.includes('.') ? undefined : attribute)
}
