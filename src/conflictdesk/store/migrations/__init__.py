"""How a store's tables came to their present shape, one script a change; run by `store.schema.migrate`."""
