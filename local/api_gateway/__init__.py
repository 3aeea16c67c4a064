"""What API Gateway does with a request: routes, events, authorizer, policies, gateway responses."""
