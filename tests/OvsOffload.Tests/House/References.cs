using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace OvsOffload.Tests.House;

/// <summary>
/// What one member of a compiled assembly refers to: types and members, as its signature and its code name them.
/// </summary>
internal static class References
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly FrozenDictionary<int, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => code.Value & 0xffff);

    /// <summary>Every member that a type declares itself; nested types are types of their own.</summary>
    public static IEnumerable<MemberInfo> Members(Type type) =>
        type.GetMembers(Declared).Where(member => member is not Type);

    /// <summary>
    /// What the head of a type names: its base, its interfaces, its attributes, its parameters' constraints.
    /// </summary>
    public static IEnumerable<MemberInfo> OfHead(Type type) =>
    [
        .. Parts(type.BaseType),
        .. type.GetInterfaces().SelectMany(Parts),
        .. type.GetGenericArguments().Where(argument => argument.IsGenericParameter)
            .SelectMany(argument => argument.GetGenericParameterConstraints()).SelectMany(Parts),
        .. Attributes(type),
    ];

    /// <summary>What a member names, its body included.</summary>
    public static IEnumerable<MemberInfo> Of(MemberInfo member) => member switch
    {
        FieldInfo field => [.. Parts(field.FieldType), .. Attributes(field)],
        PropertyInfo property => [.. Parts(property.PropertyType), .. Attributes(property)],
        EventInfo happening => Parts(happening.EventHandlerType),
        MethodBase method =>
        [
            .. Parts((method as MethodInfo)?.ReturnType),
            .. method.GetParameters().SelectMany(parameter => Parts(parameter.ParameterType)),
            .. Attributes(method),
            .. OfBody(method),
        ],
        _ => [],
    };

    private static IEnumerable<MemberInfo> Attributes(MemberInfo member) =>
        member.GetCustomAttributesData().SelectMany(data => Parts(data.AttributeType).Concat(
            data.ConstructorArguments.Select(argument => argument.Value).OfType<Type>().SelectMany(Parts)));

    private static IEnumerable<MemberInfo> OfBody(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body || body.GetILAsByteArray() is not { } code)
        {
            yield break;
        }

        foreach (MemberInfo part in body.LocalVariables.SelectMany(local => Parts(local.LocalType))
            .Concat(body.ExceptionHandlingClauses
                .Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause)
                .SelectMany(clause => Parts(clause.CatchType))))
        {
            yield return part;
        }

        Type[] ofType = method.DeclaringType?.GetGenericArguments() ?? [];
        Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        foreach (int token in Tokens(code))
        {
            foreach (MemberInfo part in Parts(method.Module.ResolveMember(token, ofType, ofMethod)))
            {
                yield return part;
            }
        }
    }

    /// <summary>The metadata tokens in a method's code.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (int at = 0; at < code.Length;)
        {
            int value = code[at++];
            OpCode operation = Codes[value == 0xfe ? (value << 8) | code[at++] : value];
            switch (operation.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod
                    or OperandType.InlineTok or OperandType.InlineType:
                    yield return BitConverter.ToInt32(code, at);
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + 4 * BitConverter.ToInt32(code, at);
                    break;
                default:
                    at += Length(operation.OperandType);
                    break;
            }
        }
    }

    private static int Length(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    /// <summary>A member and what its type and its type arguments stand for, each as it is declared.</summary>
    private static IEnumerable<MemberInfo> Parts(MemberInfo? member)
    {
        switch (member)
        {
            case null:
                break;
            case Type { HasElementType: true } type:
                foreach (MemberInfo part in Parts(type.GetElementType()))
                {
                    yield return part;
                }

                break;
            case Type { IsGenericParameter: false, IsFunctionPointer: false } type:
                yield return type.IsGenericType ? type.GetGenericTypeDefinition() : type;
                foreach (MemberInfo part in type.GenericTypeArguments.SelectMany(Parts))
                {
                    yield return part;
                }

                break;
            // The methods of arrays are nobody's: they have no declaration.
            case MethodBase or FieldInfo when member.DeclaringType is not { IsArray: true }:
                yield return Definition(member);
                foreach (MemberInfo part in Parts(member.DeclaringType)
                    .Concat(member is MethodInfo { IsGenericMethod: true } method
                        ? method.GetGenericArguments().SelectMany(Parts)
                        : []))
                {
                    yield return part;
                }

                break;
        }
    }

    /// <summary>The member as it is declared, of a type without arguments.</summary>
    private static MemberInfo Definition(MemberInfo member) =>
        member.Module.ResolveMember(member.MetadataToken) ?? member;
}
