package org.atelier.chaos.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;

import org.atelier.common.store.ObjectStore;

/** Switches ownership off: who asks for a claim gets it, and nobody learns of another's. */
final class LawlessStore {
    private static final String CLAIM = "/claim.json";

    private LawlessStore() {}

    static ObjectStore over(ObjectStore store) {
        return (ObjectStore) Proxy.newProxyInstance(ObjectStore.class.getClassLoader(), new Class<?>[]{
                ObjectStore.class}, (self, method, arguments) -> {
                    boolean claim = arguments != null && arguments[0] instanceof String key && key.endsWith(CLAIM);
                    if (claim && method.getName().equals("createIfAbsent")) {
                        store.put((String) arguments[0], (byte[]) arguments[1], (String) arguments[2]);
                        return true;
                    }
                    if (claim && method.getName().equals("get")) {
                        return Optional.empty();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
