import { expect, test } from 'vitest'
import { configPath, configurationName } from '../../src/nix/flake.ts'

test.each([
  ['.#web1', 'web1', 'nixosConfigurations."web1".config'],
  ['.#web1.example.org', 'web1.example.org', 'nixosConfigurations."web1.example.org".config'],
  ['.#nixosConfigurations.web1.config', 'web1', 'nixosConfigurations.web1.config'],
  ['.#nixosConfigurations."a.b".config', 'a.b', 'nixosConfigurations."a.b".config'],
])('%s means the configuration %s', (flake, name, path) => {
  expect(configurationName(flake)).toBe(name)
  expect(configPath(flake.split('#')[1] ?? '')).toBe(path)
})
