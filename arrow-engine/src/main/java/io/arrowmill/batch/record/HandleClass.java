package io.arrowmill.batch.record;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessFlag;

/**
 * Classes that call one method handle, which is a constant of theirs: the JIT compiler then inlines
 * what the handle is made of, down to the record's constructor. A handle in a field it would call.
 *
 * <pre>
 *   Object make(Column[] columns, int row) { return HANDLE.invokeExact(columns, row); }
 * </pre>
 */
final class HandleClass {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final ClassDesc NAME =
      ClassDesc.of(HandleClass.class.getPackageName(), "GeneratedHandle");

  private HandleClass() {}

  /**
   * An object of a new class.
   *
   * @param type an interface of this package with one method, of the handle's type
   */
  static <T> T of(Class<T> type, String method, MethodHandle handle) {
    MethodTypeDesc descriptor = handle.type().describeConstable().orElseThrow();
    byte[] bytes =
        ClassFile.of()
            .build(
                NAME,
                builder ->
                    builder
                        .withFlags(AccessFlag.FINAL, AccessFlag.SUPER)
                        .withInterfaceSymbols(ClassDesc.of(type.getName()))
                        .withMethodBody(
                            INIT_NAME,
                            MTD_void,
                            ClassFile.ACC_PUBLIC,
                            code ->
                                code.aload(0)
                                    .invokespecial(CD_Object, INIT_NAME, MTD_void)
                                    .return_())
                        .withMethodBody(
                            method,
                            descriptor,
                            ClassFile.ACC_PUBLIC,
                            code -> {
                              code.loadConstant(
                                  DynamicConstantDesc.ofNamed(
                                      ConstantDescs.BSM_CLASS_DATA,
                                      ConstantDescs.DEFAULT_NAME,
                                      CD_MethodHandle));
                              code.aload(1).iload(2);
                              if (descriptor.parameterCount() > 2) {
                                code.aload(3);
                              }
                              code.invokevirtual(CD_MethodHandle, "invokeExact", descriptor);
                              if (descriptor.returnType().equals(CD_Object)) {
                                code.areturn();
                              } else {
                                code.return_();
                              }
                            }));
    try {
      return type.cast(
          LOOKUP
              .defineHiddenClassWithClassData(bytes, handle, true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("class must be definable: interface=" + type.getName(), e);
    }
  }
}
