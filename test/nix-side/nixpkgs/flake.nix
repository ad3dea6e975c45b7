# Stands in for nixpkgs where that cannot be had: as much as this project's flake uses of it. `nixosSystem` knows what
# the installation media set that the installer has to undo; packages are names.
{
  outputs =
    { self }:
    let
      lib = import ./lib.nix // {
        nixosSystem =
          {
            system ? "x86_64-linux",
            modules,
            specialArgs ? { },
          }:
          let
            pkgs = self.legacyPackages.${system};
            nixos = lib.evalModules {
              modules = [ ./nixos.nix ] ++ modules;
              specialArgs = specialArgs // {
                inherit pkgs;
                modulesPath = toString ./modules;
              };
            };
          in
          nixos // { inherit pkgs; };
      };
    in
    {
      inherit lib;
      legacyPackages = lib.genAttrs [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ] (
        system: import ./packages.nix { inherit lib system; }
      );
    };
}
