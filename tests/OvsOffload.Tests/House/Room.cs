namespace OvsOffload.Tests.House;

/// <summary>One room of the house: a folder of <c>src/OvsOffload</c>, or a project of its own.</summary>
/// <param name="Name">As the folder and the namespace below <c>OvsOffload</c> are called.</param>
/// <param name="Floor">0 is the ground: a room may use rooms of lower floors, and of its own where no circle
/// arises.</param>
/// <param name="Holds">What is in it, in a few words.</param>
internal sealed record Room(string Name, int Floor, string Holds);
