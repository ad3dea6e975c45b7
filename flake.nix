{
  description = "NixOS on Proxmox VE, unattended: an installer image with cloud-init, and nci, which provisions with it";

  inputs.nixpkgs.url = "github:nixos/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      architectures = [
        "x86_64"
        "aarch64"
      ];
      linux = map (architecture: "${architecture}-linux") architectures;
      forSystems = systems: make: lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
      # The images run on Linux; the engine also on a Mac, from where Proxmox can be used as well.
      forEach = forSystems (linux ++ [ "aarch64-darwin" ]);

      # What `nix build` makes of a configuration, for `nci iso build` to say which NixOS it is.
      image =
        architecture:
        let
          inherit (self.nixosConfigurations.${architecture}) config;
        in
        config.system.build.isoImage // { nixosVersion = config.system.nixos.version; };
    in
    {
      # `nix build .#nixosConfigurations.x86_64.config.system.build.isoImage`, and for nixos-generators `--flake .#x86_64`.
      nixosConfigurations = lib.genAttrs architectures (
        architecture:
        lib.nixosSystem {
          system = "${architecture}-linux";
          modules = [ self.nixosModules.installer ];
        }
      );

      nixosModules = {
        installer = ./nix/installer.nix;
        default = self.nixosModules.installer;
      };

      packages = forEach (pkgs: rec {
        nci = pkgs.callPackage ./nix/package.nix { };
        default = nci;
        # Under every system: which machine builds them is for Nix to find.
        iso-x86_64 = image "x86_64";
        iso-aarch64 = image "aarch64";
      });

      overlays.default = final: _: { nci = final.callPackage ./nix/package.nix { }; };

      apps = forEach (pkgs: rec {
        nci = {
          type = "app";
          program = lib.getExe self.packages.${pkgs.stdenv.hostPlatform.system}.nci;
          meta.description = "Provisions NixOS machines on Proxmox VE";
        };
        default = nci;
      });

      devShells = forEach (pkgs: {
        default = pkgs.mkShellNoCC {
          packages = [
            pkgs.nodejs_24
            pkgs.nixfmt
            pkgs.nixos-anywhere
            pkgs.openssh
          ];
        };
      });

      formatter = forEach (pkgs: pkgs.nixfmt-tree);

      checks = forSystems linux (pkgs: import ./nix/checks { inherit self pkgs; });

      templates = {
        host = {
          path = ./nix/templates/host;
          description = "A machine on Proxmox VE for `nci provision`: disko, guest agent, SSH, a place for secrets";
        };
        default = self.templates.host;
      };
    };
}
