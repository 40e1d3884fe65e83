package dev.lariat.gio.generator;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Signature;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.reflect.AccessFlag;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** Reads the public methods of java-gi's jars, each class with those that matter. */
final class JavaGi {
  private static final String NULLABLE = "Lorg/jspecify/annotations/Nullable;";
  private static final String ERROR = "org/javagi/base/GErrorException";

  private JavaGi() {}

  /** The methods that begin an operation, and all that end in Finish, by class. */
  static List<List<Method>> read(Path jar) throws IOException {
    TreeMap<String, List<Method>> classes = new TreeMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (var entry : file.stream().toList()) {
        if (entry.getName().endsWith(".class") && !entry.getName().endsWith("-info.class")) {
          try (InputStream in = file.getInputStream(entry)) {
            List<Method> methods = read(ClassFile.of().parse(in.readAllBytes()));
            if (methods.stream().anyMatch(method -> method.takes(Method.CALLBACK))) {
              classes.put(entry.getName(), methods);
            }
          }
        }
      }
    }
    return List.copyOf(classes.values());
  }

  private static List<Method> read(ClassModel type) {
    List<Method> methods = new ArrayList<>();
    if (type.flags().has(AccessFlag.PUBLIC)) {
      for (MethodModel method : type.methods()) {
        if (method.flags().has(AccessFlag.PUBLIC) && !method.flags().has(AccessFlag.SYNTHETIC)) {
          methods.add(read(type.thisClass().asInternalName(), method));
        }
      }
    }
    return methods;
  }

  private static Method read(String owner, MethodModel method) {
    MethodSignature signature =
        method
            .findAttribute(Attributes.signature())
            .map(attribute -> attribute.asMethodSignature())
            .orElseGet(() -> MethodSignature.of(method.methodTypeSymbol()));
    List<TypeAnnotation> nullables =
        method
            .findAttribute(Attributes.runtimeVisibleTypeAnnotations())
            .map(attribute -> attribute.annotations())
            .orElse(List.of())
            .stream()
            .filter(annotation ->
                annotation.annotation().className().equalsString(NULLABLE)
                    && annotation.targetPath().isEmpty())
            .toList();
    Set<Integer> nullableParameters =
        nullables.stream()
            .map(TypeAnnotation::targetInfo)
            .filter(TypeAnnotation.FormalParameterTarget.class::isInstance)
            .map(target -> ((TypeAnnotation.FormalParameterTarget) target).formalParameterIndex())
            .collect(Collectors.toSet());
    boolean nullableResult =
        nullables.stream()
            .anyMatch(annotation ->
                annotation.targetInfo().targetType() == TypeAnnotation.TargetType.METHOD_RETURN);
    boolean isStatic = method.flags().has(AccessFlag.STATIC);
    List<String> names = parameterNames(method, isStatic);
    List<Method.Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < signature.arguments().size(); i++) {
      Type type = Type.of(signature.arguments().get(i));
      if (nullableParameters.contains(i)) {
        type = type.asNullable();
      }
      if (method.flags().has(AccessFlag.VARARGS) && i == signature.arguments().size() - 1) {
        type = type.asVarargs();
      }
      String name = i < names.size() ? names.get(i) : "argument" + i;
      parameters.add(new Method.Parameter(name, type));
    }
    Type result = Type.of(signature.result());
    return new Method(
        owner,
        method.methodName().stringValue(),
        isStatic,
        method.findAttribute(Attributes.deprecated()).isPresent(),
        typeParameters(signature),
        parameters,
        nullableResult ? result.asNullable() : result,
        method
            .findAttribute(Attributes.exceptions())
            .filter(thrown ->
                thrown.exceptions().stream().anyMatch(e -> e.asInternalName().equals(ERROR)))
            .isPresent());
  }

  private static String typeParameters(MethodSignature signature) {
    return signature.typeParameters().stream()
        .map(parameter ->
            parameter.identifier()
                + parameter
                    .classBound()
                    .map(Signature.class::cast)
                    .map(bound -> " extends " + Type.of(bound).text(name -> name))
                    .orElse(""))
        .collect(Collectors.joining(", "));
  }

  /** From the table of local variables: java-gi's jars are compiled with it. */
  private static List<String> parameterNames(MethodModel method, boolean isStatic) {
    return method.code().stream()
        .flatMap(code -> code.findAttribute(Attributes.localVariableTable()).stream())
        .flatMap(table -> table.localVariables().stream())
        .filter(variable -> variable.startPc() == 0)
        .sorted(Comparator.comparingInt(LocalVariableInfo::slot))
        .skip(isStatic ? 0 : 1)
        .map(variable -> variable.name().stringValue())
        .toList();
  }
}
