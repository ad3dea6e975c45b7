/** The name of the configuration that a flake's attribute means; `undefined` for a path to something else. */
export function configurationName(flake: string): string | undefined {
  const [, attribute = ''] = flake.split('#')
  if (!attribute.startsWith('nixosConfigurations.')) return attribute
  return /^nixosConfigurations\.(?:"([^"]+)"|([^".]+))(?:\.|$)/.exec(attribute)?.slice(1).find(Boolean)
}

/** As nixos-anywhere reads it: the attribute is a configuration's name, which may have dots, or a whole path. */
export function configPath(attribute: string): string {
  return attribute.startsWith('nixosConfigurations.')
    ? attribute
    : `nixosConfigurations."${attribute}".config`
}
