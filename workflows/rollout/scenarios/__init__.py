"""What a package promises, walked: scenarios, their run, their coverage."""
