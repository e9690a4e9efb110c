using MemberPortal;

Portal.Create(args).Run();
