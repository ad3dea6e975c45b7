# Stands in for disko: its module's place, without what it makes of the layout.
{
  outputs = _: { nixosModules.disko = { }; };
}
