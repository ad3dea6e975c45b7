{
  description = "Machines on Proxmox VE, provisioned with nci";

  inputs = {
    nixpkgs.url = "github:nixos/nixpkgs/nixos-26.05";
    disko = {
      url = "github:nix-community/disko";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    # For secrets, with ./secrets.nix:
    # sops-nix = {
    #   url = "github:Mic92/sops-nix";
    #   inputs.nixpkgs.follows = "nixpkgs";
    # };
  };

  outputs =
    { nixpkgs, ... }@inputs:
    {
      # `nci provision --flake .#web1`. One line for each machine; what they share is in modules.
      nixosConfigurations.web1 = nixpkgs.lib.nixosSystem {
        specialArgs = { inherit inputs; };
        modules = [
          inputs.disko.nixosModules.disko
          ./configuration.nix
          ./disk.nix
          # ./secrets.nix
          {
            networking.hostName = "web1";
            # aarch64-linux for a VM of that architecture.
            nixpkgs.hostPlatform = "x86_64-linux";
          }
        ];
      };
    };
}
